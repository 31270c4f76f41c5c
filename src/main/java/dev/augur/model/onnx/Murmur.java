package dev.augur.model.onnx;

/** MurmurHash3 (x86, 32 bits, seed 0) of four bytes, backwards: each of its steps can be undone. Thread-safe. */
final class Murmur {
    private static final int LENGTH = 4;

    private Murmur() {}

    /** The four bytes, little-endian, that have this hash. */
    static int inverted(int hash) {
        int h = hash ^ (hash >>> 16);
        h *= inverse(0xC2B2AE35);
        h ^= (h >>> 13) ^ (h >>> 26);
        h *= inverse(0x85EBCA6B);
        h ^= (h >>> 16) ^ LENGTH;
        h = Integer.rotateRight((h - 0xE6546B64) * inverse(5), 13);
        h = Integer.rotateRight(h * inverse(0x1B873593), 15);
        return h * inverse(0xCC9E2D51);
    }

    /**
     * What undoes a multiplication by an odd number, by Newton's method: each step doubles the bits that are right, of
     * 3 at first.
     */
    private static int inverse(int odd) {
        int inverse = odd;
        for (int i = 0; i < 4; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
