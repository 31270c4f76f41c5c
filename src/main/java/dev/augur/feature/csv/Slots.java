package dev.augur.feature.csv;

/**
 * Open addressing with linear probing: hash to row. At most half of the slots are taken, so a search ends soon at an
 * empty one. Filled by one thread, then read by any.
 */
final class Slots {
    private static final int MAX_SLOTS = 1 << 30;

    private final int[] slots; // row + 1; 0 is empty

    /** Compares the key that is looked for with that of a row. */
    interface SameKey {
        boolean in(int row);
    }

    Slots(int rows) {
        this.slots = new int[Integer.highestOneBit(Math.max(2, Math.min(rows, MAX_SLOTS / 4))) * 4];
    }

    /** The row with this key, or {@link Keys#NONE}. */
    int find(long hash, SameKey same) {
        return slots[slot(hash, same)] - 1;
    }

    /** Puts a row in, unless another has the same key: then gives that one. */
    int put(long hash, SameKey same, int row) {
        int slot = slot(hash, same);
        if (slots[slot] == 0) {
            slots[slot] = row + 1;
            return Keys.NONE;
        }
        return slots[slot] - 1;
    }

    long bytes() {
        return Bytes.of(slots);
    }

    /** Where the key is or belongs. */
    private int slot(long hash, SameKey same) {
        int mask = slots.length - 1;
        int slot = (int) mixed(hash) & mask;
        while (slots[slot] != 0 && !same.in(slots[slot] - 1)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Spreads near numbers over all bits (the last steps of MurmurHash3). */
    private static long mixed(long hash) {
        long bits = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return bits ^ (bits >>> 33);
    }
}
