package dev.augur.json;

import java.time.Instant;

/**
 * Times in ISO 8601, UTC, with six decimals, so that they sort as text as they do in time; what is below a microsecond
 * is cut off. Thread-safe: threads share the second they wrote last, and at worst write it again.
 */
public final class TimeText {
    /** The room that a time of this era takes; years of five digits take more. */
    public static final int BYTES = 40;

    private static final int DECIMALS = 6;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final int RADIX = 10;

    private volatile Second last = Second.of(0);

    /** The part that many times have in common, with its dot. */
    private record Second(long epochSecond, String text) {
        static Second of(long epochSecond) {
            String text = Instant.ofEpochSecond(epochSecond).toString();
            return new Second(epochSecond, text.substring(0, text.length() - 1) + ".");
        }
    }

    /**
     * Writes a time.
     *
     * @param at where in {@code to}; {@link #BYTES} must be there
     * @return the place behind it
     */
    @SuppressWarnings("deprecation") // what it does to other than ASCII does not happen here
    public int write(Instant time, byte[] to, int at) {
        var second = last;
        if (second.epochSecond() != time.getEpochSecond()) {
            second = Second.of(time.getEpochSecond());
            last = second;
        }
        String text = second.text();
        text.getBytes(0, text.length(), to, at);
        int decimals = at + text.length();
        int left = time.getNano() / NANOS_PER_MICRO;
        for (int i = DECIMALS - 1; i >= 0; i--) {
            to[decimals + i] = (byte) ('0' + left % RADIX);
            left /= RADIX;
        }
        to[decimals + DECIMALS] = 'Z';
        return decimals + DECIMALS + 1;
    }
}
