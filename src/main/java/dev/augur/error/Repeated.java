package dev.augur.error;

/** A fault that comes again and again, which must not fill the log. Thread-safe. */
public final class Repeated {
    private Repeated() {}

    /**
     * Whether it is told again: the first time, the second, the fourth, the eighth, and so on.
     *
     * @param count how often it has happened, this time included
     */
    public static boolean tells(long count) {
        return Long.bitCount(count) == 1;
    }
}
