package dev.augur.feature.csv;

import java.util.BitSet;

/** How much memory things take on a 64-bit JVM with compressed references, from above. Thread-safe. */
final class Bytes {
    private static final int HEADER = 16;

    private Bytes() {}

    static long of(byte[] array) {
        return HEADER + (long) array.length;
    }

    static long of(int[] array) {
        return HEADER + (long) Integer.BYTES * array.length;
    }

    static long of(long[] array) {
        return HEADER + (long) Long.BYTES * array.length;
    }

    static long of(double[] array) {
        return HEADER + (long) Double.BYTES * array.length;
    }

    static long of(BitSet bits) {
        return 3L * HEADER + bits.size() / Byte.SIZE;
    }

    /** The text and its array; two bytes for each character, and the padding of both. */
    static long of(String text) {
        return 3L * HEADER + 2L * text.length();
    }
}
