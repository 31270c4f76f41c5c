package dev.augur.load;

import java.time.Duration;

/**
 * One run of one candidate. Thread-safe.
 *
 * @param requests answered
 * @param wall how long it took
 * @param cpu user and system time of the candidate's process meanwhile
 * @param seen what the client and the machine saw
 */
record Sample(long requests, Duration wall, Duration cpu, Seen seen) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Quantiles of the time from request to answer, zero where there is no client; and what disturbed the run.
     *
     * @param p50Micros median
     * @param p99Micros 99 of 100 took at most this long
     * @param others share of the machine that other processes took, but for the load generator
     */
    record Seen(long p50Micros, long p99Micros, double others) {}

    double perSecond() {
        return requests * NANOS_PER_SECOND / wall.toNanos();
    }

    double cpuMicros() {
        return cpu.toNanos() / NANOS_PER_MICRO / requests;
    }
}
