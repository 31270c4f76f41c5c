package dev.augur.tensor;

/**
 * 16-bit floating point numbers as bits, to and from 32 bits: FP16 (IEEE 754 binary16) and BF16. Rounds to the nearest,
 * ties to even; a number too large becomes an infinity. Thread-safe.
 */
public final class Halves {
    private static final int FP16_MANTISSA_SHIFT = 13;
    private static final int FP32_EXPONENT_BIAS = 127;
    private static final int FP16_EXPONENT_BIAS = 15;
    private static final int BF16_SHIFT = 16;
    private static final short FP16_INFINITY = 0x7C00;

    private Halves() {}

    /** FP16 bits of a number. */
    public static short toFp16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float size = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00);
        }
        if (size >= 65520f) {
            return (short) (sign | FP16_INFINITY);
        }
        if (size < 0x1p-14f) { // subnormal: multiples of 2^-24; the scaling is exact, rint rounds to even
            return (short) (sign | (int) Math.rint(size * 0x1p24f));
        }
        int exponent = ((bits >>> 23) & 0xFF) - FP32_EXPONENT_BIAS + FP16_EXPONENT_BIAS;
        int mantissa = bits & 0x7FFFFF;
        int half = (exponent << 10) | (mantissa >>> FP16_MANTISSA_SHIFT);
        return (short) (sign | (half + roundUp(mantissa, FP16_MANTISSA_SHIFT, half)));
    }

    /** The number of these FP16 bits. */
    public static float fromFp16(short bits) {
        int exponent = (bits >>> 10) & 0x1F;
        int mantissa = bits & 0x3FF;
        float sign = bits < 0 ? -1f : 1f;
        if (exponent == 0) {
            return sign * mantissa * 0x1p-24f;
        }
        if (exponent == 0x1F) {
            return mantissa == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        int wide = ((exponent - FP16_EXPONENT_BIAS + FP32_EXPONENT_BIAS) << 23) | (mantissa << FP16_MANTISSA_SHIFT);
        return sign * Float.intBitsToFloat(wide);
    }

    /** BF16 bits of a number. */
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> BF16_SHIFT) | 0x40);
        }
        int half = bits >>> BF16_SHIFT;
        return (short) (half + roundUp(bits & 0xFFFF, BF16_SHIFT, half));
    }

    /** The number of these BF16 bits. */
    public static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << BF16_SHIFT);
    }

    /** 1 if the bits that are cut off are more than half a unit, or half a unit above an odd number. */
    private static int roundUp(int mantissa, int shift, int kept) {
        int cut = mantissa & ((1 << shift) - 1);
        int middle = 1 << (shift - 1);
        return cut > middle || (cut == middle && (kept & 1) == 1) ? 1 : 0;
    }
}
