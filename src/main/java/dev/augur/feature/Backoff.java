package dev.augur.feature;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential backoff with full jitter, so that callers that failed together do not come back together. Thread-safe. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 30;

    private Backoff() {}

    /**
     * The time before a try.
     *
     * @param tries how many there were; at least 1
     * @return from 0 to {@code firstDelay · 2^(tries - 1)}, but at most {@code maxDelay}
     */
    static Duration beforeTry(int tries, LookupConfig.Retry config, RandomGenerator random) {
        var doubled = config.firstDelay().multipliedBy(1L << Math.min(tries - 1, MOST_DOUBLINGS));
        var limit = doubled.compareTo(config.maxDelay()) < 0 ? doubled : config.maxDelay();
        return Duration.ofNanos(random.nextLong(limit.toNanos() + 1));
    }
}
