package dev.augur.protocol;

import com.fasterxml.jackson.core.io.NumberInput;
import dev.augur.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the rest of a JSON array of plain numbers straight into the elements of a tensor: half the time of a token
 * for each. It takes what is common and gives up at everything else, without a word of why: then the tokens are read,
 * and it is as if it had not been there.
 *
 * <p>A number becomes what {@link Float#parseFloat} and {@link Double#parseDouble} make of it. Its first 18 digits and
 * a power of ten up to 22 are exact in 64 bits each, so their product or quotient in double precision is right for FP64
 * if the digits fit into 53 bits, and at most 3 units of its last place wrong otherwise. That is enough for FP32 where
 * it is not near the middle of two floats. What is left goes through the parser of texts. One use, one thread.
 */
final class NumberScanner {
    /** Returned instead of a count: read the tokens. */
    static final int NOT_PLAIN = -1;

    private static final long FULL = 100_000_000_000_000_000L; // less than this has room for one more digit
    private static final int MAX_POWER_DIGITS = 4;
    private static final long MAX_EXACT = 1L << 53;
    private static final double[] TENS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final int BELOW_FLOAT = 0x1FFF_FFFF; // the bits of a double that a float has not
    private static final int MIDDLE = 0x1000_0000;
    private static final int DOUBTFUL = 8;

    private final byte[] json;
    private final int end;
    private int at;

    // the number that was read last
    private int start;
    private boolean negative;
    private boolean whole; // without fraction and exponent
    private boolean cut; // more digits than were taken
    private long digits;
    private int exponent;

    private boolean plainForAll = true;

    /**
     * A scanner.
     *
     * @param at the place behind the bracket that opens the array
     * @param end the place behind the JSON
     */
    NumberScanner(byte[] json, int at, int end) {
        this.json = json;
        this.at = at;
        this.end = end;
    }

    /**
     * Whether each number is read the same by way of a double, as many readers go: none was near the middle of two
     * floats, and none a zero with a sign, which is lost where the zero is taken for an integer.
     */
    boolean plainForAll() {
        return plainForAll;
    }

    /** The place of the bracket that closes the array, after its numbers were read. */
    int at() {
        return at;
    }

    /**
     * Reads all numbers of the array.
     *
     * @param into as many elements of that datatype as were read are put there; after {@link #NOT_PLAIN} any number
     * @param max how many there may be
     */
    int read(DataType datatype, ByteBuffer into, long max) {
        int count = 0;
        do {
            skipBlanks();
            if (count == max || !number() || !put(datatype, into)) {
                return NOT_PLAIN;
            }
            count++;
            skipBlanks();
        } while (at < end && json[at++] == ',');
        at--;
        return at < end && json[at] == ']' ? count : NOT_PLAIN;
    }

    /** Line breaks are counted by the parser of tokens, so arrays with some are left to it. */
    private void skipBlanks() {
        while (at < end && (json[at] == ' ' || json[at] == '\t')) {
            at++;
        }
    }

    private boolean put(DataType datatype, ByteBuffer into) {
        switch (datatype) {
            case FP32 -> {
                float value = fp32();
                into.putFloat(value);
                return Float.isFinite(value);
            }
            case FP64 -> {
                double value = fp64();
                into.putDouble(value);
                return Double.isFinite(value);
            }
            case INT64 -> {
                into.putLong(signed());
                return whole && !cut;
            }
            case INT32 -> {
                into.putInt((int) signed());
                return whole && !cut && signed() == (int) signed();
            }
            case INT8 -> {
                into.put((byte) signed());
                return whole && !cut && signed() == (byte) signed();
            }
            case UINT8 -> {
                into.put((byte) signed());
                return whole && !cut && signed() == (signed() & 0xFF);
            }
            default -> {
                return false;
            }
        }
    }

    /** Reads one number as the grammar of JSON has it; false if there is none. */
    private boolean number() {
        start = at;
        digits = 0;
        exponent = 0;
        cut = false;
        negative = isAt('-');
        at += negative ? 1 : 0;
        boolean zero = isAt('0');
        int length = digits(0);
        if (length == 0 || (zero && length > 1)) {
            return false;
        }
        int behind = at;
        if (isAt('.')) {
            at++;
            if (digits(1) == 0) {
                return false;
            }
        }
        boolean read = !(isAt('e') || isAt('E')) || power();
        whole = at == behind;
        return read;
    }

    /**
     * Takes digits as long as there are some, and how many there were.
     *
     * @param fraction 1 behind the point, else 0
     */
    private int digits(int fraction) {
        int from = at;
        int i = from;
        long sum = digits;
        for (; i < end; i++) {
            int digit = json[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (sum < FULL) {
                sum = sum * 10 + digit;
                exponent -= fraction;
            } else {
                cut = true;
                exponent += 1 - fraction;
            }
        }
        digits = sum;
        at = i;
        return i - from;
    }

    private boolean power() {
        at++;
        boolean minus = isAt('-');
        at += minus || isAt('+') ? 1 : 0;
        int from = at;
        int power = 0;
        for (; at < end && json[at] >= '0' && json[at] <= '9'; at++) {
            if (at - from == MAX_POWER_DIGITS) {
                return false;
            }
            power = power * 10 + json[at] - '0';
        }
        exponent += minus ? -power : power;
        return at > from;
    }

    private boolean isAt(char c) {
        return at < end && json[at] == c;
    }

    private long signed() {
        return negative ? -digits : digits;
    }

    private float fp32() {
        double near = product();
        long bits = Double.doubleToRawLongBits(near) & BELOW_FLOAT;
        if (digits == 0) {
            plainForAll &= !negative;
            return negative ? -0f : 0f;
        }
        if (Math.abs(bits - MIDDLE) > DOUBTFUL && near >= Float.MIN_NORMAL && near <= Float.MAX_VALUE) {
            return (float) (negative ? -near : near);
        }
        plainForAll = false;
        return NumberInput.parseFloat(text(), /* useFastParser= */ true);
    }

    private double fp64() {
        plainForAll &= digits != 0 || !negative;
        if (cut || digits > MAX_EXACT || Math.abs(exponent) >= TENS.length) {
            return NumberInput.parseDouble(text(), /* useFastParser= */ true);
        }
        return negative ? -product() : product();
    }

    /** The size of the number in double precision, or NaN where its power of ten is not exact. */
    private double product() {
        if (Math.abs(exponent) >= TENS.length) {
            return Double.NaN;
        }
        return exponent < 0 ? digits / TENS[-exponent] : digits * TENS[exponent];
    }

    private String text() {
        return new String(json, start, at - start, StandardCharsets.ISO_8859_1);
    }
}
