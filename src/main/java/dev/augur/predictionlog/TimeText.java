package dev.augur.predictionlog;

import java.time.Instant;

/**
 * Times in ISO 8601, UTC, with six decimals, so that they sort as text as they do in time; what is below a microsecond
 * is cut off. Thread-safe: threads share the second they wrote last, and at worst write it again.
 */
final class TimeText {
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

    String of(Instant time) {
        var second = last;
        if (second.epochSecond() != time.getEpochSecond()) {
            second = Second.of(time.getEpochSecond());
            last = second;
        }
        var decimals = new char[DECIMALS + 1];
        decimals[DECIMALS] = 'Z';
        int left = time.getNano() / NANOS_PER_MICRO;
        for (int i = DECIMALS - 1; i >= 0; i--) {
            decimals[i] = (char) ('0' + left % RADIX);
            left /= RADIX;
        }
        return second.text().concat(new String(decimals));
    }
}
