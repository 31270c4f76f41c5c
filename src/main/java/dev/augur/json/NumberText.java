package dev.augur.json;

import java.math.BigInteger;

/**
 * Writes numbers as JSON and {@link Double#toString} have them, straight into an array of bytes.
 *
 * <p>A floating point number becomes the shortest decimal that is read as the same number, of several the nearest (R.
 * Giulietti, "The Schubfach way to render doubles", 2020; the names are those of the paper). Thread-safe.
 */
public final class NumberText {
    /** The room that a number may take. */
    public static final int MAX_BYTES = 26;

    private static final int FP64_FRACTION = 52;
    private static final int FP64_BIAS = 1075;
    private static final int FP64_TINY = 3; // below it, the second digit of a decimal is lost without a digit more
    private static final int FP32_FRACTION = 23;
    private static final int FP32_BIAS = 150;
    private static final int FP32_TINY = 8;

    private static final int LOG_BITS = 41;
    private static final long LOG10_2 = fixed(Math.log10(2));
    private static final long LOG10_3_4 = fixed(Math.log10(0.75));
    private static final int POWER_BITS = 38;
    private static final long LOG2_10 = (long) Math.floor(Math.log(10) / Math.log(2) * (1L << POWER_BITS));
    private static final long LOW_63 = Long.MAX_VALUE;

    private static final int LEAST_POWER = -324;
    private static final Power[] POWERS = new Power[617];

    private static final int PLAIN_BELOW = 10_000_000; // from here on with an exponent
    private static final int PLAIN_LENGTH = 7; // its digits, but one
    private static final int PLAIN_ZEROS = 3; // of a fraction, with that before the point

    private static final int TEN = 10;
    private static final int MAX_DIGITS = 19; // of a long
    private static final long[] TENS = tens();

    private NumberText() {}

    /** 10 to a power, times a power of 2, rounded up: 126 bits, the lower 63 of them in a long of their own. */
    private record Power(long high, long low) {}

    /**
     * Writes a finite number.
     *
     * @param at where in {@code to}; {@link #MAX_BYTES} must be there
     * @return the place behind it
     */
    public static int write(double value, byte[] to, int at) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & ((1L << FP64_FRACTION) - 1);
        int exponent = (int) (bits >>> FP64_FRACTION) & 0x7FF;
        int start = sign(bits < 0, to, at);
        if (Math.abs(value) < PLAIN_BELOW && value == (int) value) {
            return integral(Math.abs((int) value), to, start);
        }
        boolean uneven = fraction == 0 && exponent > 1;
        int q = Math.max(exponent, 1) - FP64_BIAS;
        long c = exponent == 0 ? fraction : fraction | 1L << FP64_FRACTION;
        return c < FP64_TINY
                ? decimal(shortest(c * 10, q, uneven), power(q, uneven) - 1, to, start)
                : decimal(shortest(c, q, uneven), power(q, uneven), to, start);
    }

    /**
     * Writes a finite number.
     *
     * @param at where in {@code to}; {@link #MAX_BYTES} must be there
     * @return the place behind it
     */
    public static int write(float value, byte[] to, int at) {
        int bits = Float.floatToRawIntBits(value);
        int fraction = bits & ((1 << FP32_FRACTION) - 1);
        int exponent = bits >>> FP32_FRACTION & 0xFF;
        int start = sign(bits < 0, to, at);
        if (Math.abs(value) < PLAIN_BELOW && value == (int) value) {
            return integral(Math.abs((int) value), to, start);
        }
        boolean uneven = fraction == 0 && exponent > 1;
        int q = Math.max(exponent, 1) - FP32_BIAS;
        int c = exponent == 0 ? fraction : fraction | 1 << FP32_FRACTION;
        return c < FP32_TINY
                ? decimal(shortest(c * 10L, q, uneven), power(q, uneven) - 1, to, start)
                : decimal(shortest(c, q, uneven), power(q, uneven), to, start);
    }

    /**
     * Writes an integer.
     *
     * @param at where in {@code to}; {@link #MAX_BYTES} must be there
     * @return the place behind it
     */
    public static int write(long value, byte[] to, int at) {
        int start = sign(value < 0, to, at);
        if (value == Long.MIN_VALUE) {
            start = digits(-(value / TEN), to, start);
            to[start] = '8';
            return start + 1;
        }
        return digits(Math.abs(value), to, start);
    }

    private static int digits(long value, byte[] to, int at) {
        int end = at + count(value);
        int i = end;
        long rest = value;
        for (; rest > Integer.MAX_VALUE; rest /= TEN) {
            to[--i] = (byte) ('0' + rest % TEN);
        }
        int small = (int) rest; // whose remainders cost a half
        for (; small >= TEN; small /= TEN) {
            to[--i] = (byte) ('0' + small % TEN);
        }
        to[i - 1] = (byte) ('0' + small);
        return end;
    }

    private static int sign(boolean negative, byte[] to, int at) {
        to[at] = '-';
        return negative ? at + 1 : at;
    }

    private static int integral(int value, byte[] to, int at) {
        return fraction(digits(value, to, at), to);
    }

    private static int fraction(int at, byte[] to) {
        to[at] = '.';
        to[at + 1] = '0';
        return at + 2;
    }

    /** The power of ten that belongs to the digits of {@link #shortest}: k of the paper. */
    private static int power(int q, boolean uneven) {
        return (int) ((q * LOG10_2 + (uneven ? LOG10_3_4 : 0)) >> LOG_BITS);
    }

    /**
     * The digits of the shortest decimal in the interval of the numbers that are rounded to c times 2 to the power q;
     * they may end with zeros.
     *
     * @param uneven whether the number below is half as far away as that above
     */
    private static long shortest(long c, int q, boolean uneven) {
        int k = power(q, uneven);
        var g = tenToTheMinus(k);
        int h = q + (int) ((-k * LOG2_10) >> POWER_BITS) + 2;
        long odd = c & 1; // the ends of the interval belong to it if c is even
        long middle = product(g, (4 * c) << h);
        long low = product(g, (4 * c - (uneven ? 1 : 2)) << h) + odd;
        long high = product(g, (4 * c + 2) << h) - odd;
        long s = middle >> 2;
        long tens = s / 10 * 10;
        boolean below = low <= tens << 2;
        boolean above = (tens + 10) << 2 <= high;
        if (s >= 100 && below != above) {
            return below ? tens : tens + 10;
        }
        below = low <= s << 2;
        above = (s + 1) << 2 <= high;
        if (below != above) {
            return below ? s : s + 1;
        }
        long nearer = middle - ((2 * s + 1) << 1);
        return nearer < 0 || (nearer == 0 && (s & 1) == 0) ? s : s + 1;
    }

    /** The upper bits of the product, the last of them 1 if a lower one is: rop of the paper. */
    private static long product(Power g, long cp) {
        long x = Math.multiplyHigh(g.low, cp);
        long z = ((g.high * cp) >>> 1) + x;
        long w = Math.multiplyHigh(g.high, cp) + (z >>> 63);
        return w | (((z & LOW_63) + LOW_63) >>> 63);
    }

    /** Made when it is needed first; a thread that does not see it yet makes the same once more. */
    private static Power tenToTheMinus(int k) {
        var power = POWERS[k - LEAST_POWER];
        if (power == null) {
            power = make(k);
            POWERS[k - LEAST_POWER] = power;
        }
        return power;
    }

    private static Power make(int k) {
        int shift = (int) ((-k * LOG2_10) >> POWER_BITS) - 125;
        var ten = BigInteger.TEN.pow(Math.abs(k));
        BigInteger g;
        if (k > 0) {
            g = BigInteger.ONE.shiftLeft(-shift).divide(ten);
        } else {
            g = ten.shiftLeft(-shift); // which cuts off where the shift is positive
        }
        g = g.add(BigInteger.ONE);
        return new Power(
                g.shiftRight(63).longValueExact(),
                g.and(BigInteger.valueOf(LOW_63)).longValueExact());
    }

    private static long fixed(double logarithm) {
        return (long) Math.floor(logarithm * (1L << LOG_BITS));
    }

    /** Writes digits times a power of ten as {@link Double#toString} does. */
    private static int decimal(long withZeros, int withZerosPower, byte[] to, int at) {
        long digits = withZeros;
        int power = withZerosPower;
        while (digits % 10 == 0) {
            digits /= 10;
            power++;
        }
        int first = count(digits) + power - 1;
        if (first >= PLAIN_LENGTH || first < -PLAIN_ZEROS) {
            int end = pointed(digits, 1, to, at);
            to[end] = 'E';
            return write((long) first, to, end + 1);
        }
        if (first >= 0) {
            return pointed(digits, first + 1, to, at);
        }
        to[at] = '0';
        to[at + 1] = '.';
        int end = at + 2;
        for (int zero = -1; zero > first; zero--) {
            to[end++] = '0';
        }
        return digits(digits, to, end);
    }

    /** Writes a number with its point behind so many digits, and a digit behind the point. */
    private static int pointed(long digits, int before, byte[] to, int at) {
        int count = count(digits);
        if (count <= before) {
            int end = digits(digits, to, at);
            for (; end < at + before; end++) {
                to[end] = '0';
            }
            return fraction(end, to);
        }
        int end = digits(digits, to, at + 1);
        System.arraycopy(to, at + 1, to, at, before);
        to[at + before] = '.';
        return end;
    }

    /** How many digits there are: a power of two is 0.301 times as much as one of ten, and the table says the rest. */
    private static int count(long value) {
        int about = ((Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1233) >> 12;
        return value >= TENS[about] ? about + 1 : Math.max(about, 1);
    }

    private static long[] tens() {
        long[] tens = new long[MAX_DIGITS];
        tens[0] = 1;
        for (int i = 1; i < MAX_DIGITS; i++) {
            tens[i] = tens[i - 1] * TEN;
        }
        return tens;
    }
}
