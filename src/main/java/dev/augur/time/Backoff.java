package dev.augur.time;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The times between tries: the longest pause doubles with each try, up to a limit. Thread-safe.
 *
 * @param first longest pause before the second try
 * @param most longest pause before any
 */
public record Backoff(Duration first, Duration most) {
    private static final int MOST_DOUBLINGS = 30;

    /**
     * The longest pause after so many tries.
     *
     * @param tries at least 1
     */
    public Duration after(int tries) {
        var doubled = first.multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
        return doubled.compareTo(most) < 0 ? doubled : most;
    }

    /** From nothing to the longest pause: for callers who failed together, so that they do not come back together. */
    public Duration anyAfter(int tries, RandomGenerator random) {
        return between(Duration.ZERO, after(tries), random);
    }

    /** From half of the longest pause to all of it: for one that tries for as long as it takes. */
    public Duration halfAfter(int tries, RandomGenerator random) {
        var whole = after(tries);
        return between(whole.dividedBy(2), whole, random);
    }

    private static Duration between(Duration from, Duration to, RandomGenerator random) {
        return from.plusNanos(random.nextLong(to.minus(from).toNanos() + 1));
    }
}
