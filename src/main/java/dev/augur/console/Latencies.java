package dev.augur.console;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long one stage took in the requests of a second: a count for each power of two and 16 steps between, so that a
 * percentile is right within 6 %. Thread-safe.
 */
final class Latencies {
    private static final int STEP_BITS = 4;
    private static final int STEPS = 1 << STEP_BITS;
    private static final int LONGEST_BITS = 40; // microseconds: twelve days
    private static final double MILLI = 1_000;

    private final AtomicIntegerArray counts = new AtomicIntegerArray((LONGEST_BITS - STEP_BITS + 1) * STEPS);
    private final AtomicLong longest = new AtomicLong();

    /** One request's. */
    void add(long micros) {
        counts.incrementAndGet(bucket(Math.min(micros, (1L << LONGEST_BITS) - 1)));
        if (micros > longest.get()) {
            longest.accumulateAndGet(micros, Math::max);
        }
    }

    /** How many there were. */
    long count() {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        return all;
    }

    /** The time in milliseconds that this part of them did not exceed. */
    double percentile(double part) {
        long left = (long) Math.ceil(part * count());
        for (int i = 0; i < counts.length(); i++) {
            left -= counts.get(i);
            if (left <= 0) {
                return Math.min(end(i), longest.get()) / MILLI;
            }
        }
        return longest();
    }

    /** The longest, in milliseconds. */
    double longest() {
        return longest.get() / MILLI;
    }

    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int shift = Long.SIZE - 1 - STEP_BITS - Long.numberOfLeadingZeros(micros);
        return (shift + 1) * STEPS + (int) (micros >>> shift) - STEPS;
    }

    /** The largest value of a bucket. */
    private static long end(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }
}
