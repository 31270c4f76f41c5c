package dev.augur.predictionlog.ledger;

import java.util.Arrays;
import java.util.Collection;

/**
 * The ids of the records stored last, to recognise one that is sent again: of at least so many as one generation holds,
 * of at most two generations. Used by one thread at a time.
 */
public final class RecentIds {
    /*
     * An id is 128 bits here. They lie in arrays of numbers, which the garbage collector has no reason to look at. A
     * map of a hundred thousand strings, each of them young when it came, cost it as much as the records themselves.
     */
    static final int GENERATION = 50_000;

    private static final int PLACES = 1 << 17; // a power of two, of which less than half is taken

    private long[] newer = new long[2 * PLACES];
    private long[] older = new long[2 * PLACES];
    private int count; // in newer

    /** Remembers one; one that is known stays where it is. */
    public void add(RecordKey key) {
        if (contains(key)) {
            return;
        }
        if (count == GENERATION) {
            var oldest = older;
            older = newer;
            newer = oldest;
            Arrays.fill(newer, 0);
            count = 0;
        }
        int at = place(newer, key);
        newer[at] = key.high();
        newer[at + 1] = key.low();
        count++;
    }

    void addAll(Collection<RecordKey> more) {
        more.forEach(this::add);
    }

    /** Whether it is among those remembered. */
    public boolean contains(RecordKey key) {
        return newer[place(newer, key)] != 0 || older[place(older, key)] != 0;
    }

    /** Where a key lies, or belongs: its first half is 0 there. */
    private static int place(long[] places, RecordKey key) {
        int at = 2 * ((int) (key.high() ^ key.low() ^ (key.low() >>> Integer.SIZE)) & (PLACES - 1));
        while (places[at] != 0 && (places[at] != key.high() || places[at + 1] != key.low())) {
            at = (at + 2) & (2 * PLACES - 1);
        }
        return at;
    }
}
