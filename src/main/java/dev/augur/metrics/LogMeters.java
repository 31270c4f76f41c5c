package dev.augur.metrics;

import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** The meters of the prediction log: of its sender, and of its ledger. Thread-safe. */
final class LogMeters {
    private static final double NANOS = 1e9;

    private LogMeters() {}

    /** Those of the sender; returns what they read, which they do not hold. */
    static List<LongSupplier> register(MeterRegistry registry, BusPredictionLog log, LogCounts counts) {
        Gauge.builder("augur.prediction.log.pending", counts::pending)
                .description("Records neither acknowledged nor given up")
                .register(registry);
        Gauge.builder(
                        "augur.prediction.log.oldest.wait.seconds",
                        log,
                        oldest -> oldest.oldestWait().toNanos() / NANOS)
                .description("How long the record has waited that waits longest for its acknowledgement")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.retries", log, BusPredictionLog::retried)
                .description("Records sent again")
                .register(registry);
        var outcomes = Map.<String, LongSupplier>of(
                "offered", counts::offered,
                "stored", counts::stored,
                "dropped", counts::dropped,
                "summarised", counts::summarised);
        outcomes.forEach((outcome, value) -> FunctionCounter.builder(
                        "augur.prediction.log.records", value, LongSupplier::getAsLong)
                .description("Prediction records by what became of them")
                .tag("outcome", outcome)
                .register(registry));
        return List.copyOf(outcomes.values());
    }

    /** Those of the ledger. */
    static void register(MeterRegistry registry, PredictionLogVerticle writer) {
        Gauge.builder("augur.prediction.log.ledger.bytes", writer::ledgerBytes)
                .description("Size of this node's ledger")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.failed.groups", writer, PredictionLogVerticle::failedGroups)
                .description("Groups of records that could not be written; they are sent again")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.restorations", writer, PredictionLogVerticle::restorations)
                .description("Times that files of the ledger were found removed, replaced or cut by somebody else")
                .register(registry);
    }
}
