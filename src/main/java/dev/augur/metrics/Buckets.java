package dev.augur.metrics;

import java.time.Duration;
import java.util.stream.LongStream;

/** The upper bounds of every histogram of times: from 100 µs on, as small models answer, to 30 s. Thread-safe. */
final class Buckets {
    private static final long[] MICROS = {
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000
    };
    private static final long NANOS = 1_000;

    private Buckets() {}

    static Duration[] times() {
        return LongStream.of(MICROS)
                .mapToObj(micros -> Duration.ofNanos(micros * NANOS))
                .toArray(Duration[]::new);
    }
}
