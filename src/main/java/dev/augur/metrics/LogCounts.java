package dev.augur.metrics;

import dev.augur.predictionlog.BusPredictionLog;

/**
 * The counters of the prediction log as one scrape shows them: read at one moment, so that offered = stored + dropped +
 * summarised + pending also while records come and go. Thread-safe.
 */
final class LogCounts {
    private final BusPredictionLog log;
    private volatile Counts counts = new Counts(0, 0, 0, 0);

    LogCounts(BusPredictionLog log) {
        this.log = log;
    }

    /** Reads them; what has been stored or dropped had been offered before, so pending is not below 0. */
    void read() {
        long stored = log.stored();
        long dropped = log.dropped();
        long summarised = log.summarised();
        counts = new Counts(log.offered(), stored, dropped, summarised);
    }

    long offered() {
        return counts.offered();
    }

    long stored() {
        return counts.stored();
    }

    long dropped() {
        return counts.dropped();
    }

    long summarised() {
        return counts.summarised();
    }

    long pending() {
        var now = counts;
        return now.offered() - now.stored() - now.dropped() - now.summarised();
    }

    private record Counts(long offered, long stored, long dropped, long summarised) {}
}
