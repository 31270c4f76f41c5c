package dev.augur.predictionlog.sink;

import static dev.augur.setting.Section.Range.between;

import dev.augur.setting.Section;
import java.time.Duration;

/**
 * What one batch may hold and take. Thread-safe.
 *
 * @param batchRecords most records of a batch
 * @param timeout longest time for a batch, and for a connection
 * @param maxRetryDelay longest pause before a batch is tried again
 */
public record SinkLimits(int batchRecords, Duration timeout, Duration maxRetryDelay) {
    static final int MAX_BATCH = 10_000;

    private static final Duration TENTH = Duration.ofMillis(100);

    /**
     * What a sink's section says; problems are left with it.
     *
     * @param timeout unless it says another, which may be no longer than {@code longest}
     */
    public static SinkLimits read(Section settings, Duration timeout, Duration longest) {
        return new SinkLimits(
                settings.integer("batch-size", 500, between(1, MAX_BATCH)),
                settings.duration("timeout", timeout, between(TENTH, longest)),
                settings.duration("max-retry-delay", Duration.ofSeconds(10), between(TENTH, Duration.ofHours(1))));
    }
}
