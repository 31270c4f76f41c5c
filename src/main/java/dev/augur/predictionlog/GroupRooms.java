package dev.augur.predictionlog;

import java.util.ArrayDeque;

/**
 * What the groups of one event loop are written into, again and again: memory that was used just now lies in the caches
 * of the processor, and a new array would be filled with zeros and grow, several times the bytes of its records. Few,
 * none of them large. Confined to its event loop.
 */
final class GroupRooms {
    /** Doubled six times, it has room for a full group and its last record. */
    private static final int FIRST_BYTES = 5 << 10;
    /** One is filled and one is under way; some wait, where the disk is slow. */
    private static final int MOST = 4;

    private static final int MOST_BYTES = 5 << 16;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>(MOST);
    private int bytes = FIRST_BYTES; // of the one that came back last

    /** One that nobody uses, the one used last if there is one. */
    byte[] take() {
        var used = free.pollLast();
        return used == null ? new byte[bytes] : used;
    }

    /** Takes back that of a group which nobody will look at any more. */
    void give(RecordGroup group) {
        byte[] used = group.json();
        if (used.length <= MOST_BYTES) {
            bytes = used.length;
            if (free.size() < MOST) {
                free.add(used);
            }
        }
    }
}
