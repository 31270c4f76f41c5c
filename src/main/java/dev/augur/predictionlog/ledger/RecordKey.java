package dev.augur.predictionlog.ledger;

import dev.augur.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The id of a record in 128 bits: a UUID as it is, anything else the beginning of its digest. The first half is never
 * 0. Immutable, thread-safe.
 */
public record RecordKey(long high, long low) {
    private static final int UUID_CHARS = 36;
    private static final int HALF_CHARS = 18;
    private static final int RADIX = 16;
    private static final byte NONE = -1;
    private static final byte[] DIGITS = digits();

    /** That of an id. */
    public static RecordKey of(String id) {
        if (id.length() == UUID_CHARS) {
            long high = digits(id, 0, HALF_CHARS);
            long low = digits(id, HALF_CHARS, UUID_CHARS);
            if (high != 0 && low != 0) {
                return new RecordKey(high, low);
            }
        }
        var bytes = ByteBuffer.wrap(Sha256.begin().digest(id.getBytes(StandardCharsets.UTF_8)));
        return new RecordKey(bytes.getLong() | 1, bytes.getLong());
    }

    /** A half of a UUID in lower case; 0 if it is none, for others are other ids. */
    private static long digits(String id, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return 0;
                }
            } else {
                int digit = c < DIGITS.length ? DIGITS[c] : NONE;
                if (digit == NONE) {
                    return 0;
                }
                bits = (bits << 4) | digit;
            }
        }
        return bits;
    }

    private static byte[] digits() {
        var digits = new byte['f' + 1];
        Arrays.fill(digits, NONE);
        for (int i = 0; i < RADIX; i++) {
            digits[Character.forDigit(i, RADIX)] = (byte) i;
        }
        return digits;
    }
}
