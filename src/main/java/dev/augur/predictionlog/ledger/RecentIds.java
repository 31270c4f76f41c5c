package dev.augur.predictionlog.ledger;

import dev.augur.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * The ids of the records stored last, to recognise one that is sent again: of at least so many as one generation holds,
 * of at most two generations. One thread.
 */
final class RecentIds {
    /*
     * An id is 128 bits here: a UUID as it is, anything else the beginning of its digest. They lie in arrays of
     * numbers, which the garbage collector has no reason to look at. A map of a hundred thousand strings, each of them
     * young when it came, cost it as much as the records themselves.
     */
    static final int GENERATION = 50_000;

    private static final int PLACES = 1 << 17; // a power of two, of which less than half is taken
    private static final int UUID_CHARS = 36;

    private long[] newer = new long[2 * PLACES];
    private long[] older = new long[2 * PLACES];
    private int count; // in newer

    boolean contains(String id) {
        return contains(Key.of(id));
    }

    void add(String id) {
        var key = Key.of(id);
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

    void addAll(Collection<String> more) {
        more.forEach(this::add);
    }

    private boolean contains(Key key) {
        return newer[place(newer, key)] != 0 || older[place(older, key)] != 0;
    }

    /** Where a key lies, or belongs: its first half is 0 there. */
    private static int place(long[] places, Key key) {
        int at = 2 * ((int) (key.high() ^ key.low() ^ (key.low() >>> Integer.SIZE)) & (PLACES - 1));
        while (places[at] != 0 && (places[at] != key.high() || places[at + 1] != key.low())) {
            at = (at + 2) & (2 * PLACES - 1);
        }
        return at;
    }

    /** An id in bits; the first half is never 0, which marks a free place. */
    private record Key(long high, long low) {
        static Key of(String id) {
            long high = digits(id, 0, 18);
            long low = digits(id, 18, UUID_CHARS);
            return id.length() == UUID_CHARS && high != 0 && low != 0 ? new Key(high, low) : digest(id);
        }

        /** A half of a UUID in lower case; 0 if it is none. */
        private static long digits(String id, int from, int to) {
            long bits = 0;
            for (int i = from; i < to && to <= id.length(); i++) {
                char c = id.charAt(i);
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                int digit = c <= 'f' && (c < 'A' || c >= 'a') ? Character.digit(c, 16) : -1; // others are other ids
                if (dash ? c != '-' : digit < 0) {
                    return 0;
                }
                bits = dash ? bits : (bits << 4) | digit;
            }
            return bits;
        }

        private static Key digest(String id) {
            var bytes = ByteBuffer.wrap(Sha256.begin().digest(id.getBytes(StandardCharsets.UTF_8)));
            return new Key(bytes.getLong() | 1, bytes.getLong());
        }
    }
}
