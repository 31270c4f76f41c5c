package dev.augur.metrics;

import dev.augur.predictionlog.sink.Progress;
import dev.augur.predictionlog.sink.Sink;
import dev.augur.predictionlog.sink.SinkFollower;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a sink of the prediction log, by sink: {@code augur_prediction_log_sink_lag_records},
 * {@code …_lag_seconds}, {@code …_batches_total}, {@code …_records_total}, {@code …_failures_total},
 * {@code …_refused_total}, {@code …_altered_total}, {@code …_repeated_total}, {@code …_unchecked_total}. Thread-safe.
 */
final class SinkMeters {
    private static final String NOT_AS_THEY_ARE = "Records that the sink could not store as they are: ";
    private static final String PREFIX = "augur.prediction.log.sink.";

    private SinkMeters() {}

    /** The registry holds the follower weakly. */
    static void register(MeterRegistry registry, SinkFollower<?> follower) {
        var sink = follower.sink();
        var progress = follower.progress();
        gauge(registry, follower, "lag.records", "Records in the ledger that the sink does not have yet");
        Gauge.builder(PREFIX + "lag.seconds", progress, Progress::lagSeconds)
                .description("Time since the oldest record that the sink does not have was received")
                .tag("sink", sink.name())
                .register(registry);
        counter(registry, follower, "batches", Progress::batches);
        counter(registry, follower, "records", Progress::records);
        counter(registry, follower, "failures", Progress::failures);
        records(registry, sink, "refused", NOT_AS_THEY_ARE + "refused", Sink::refused);
        records(registry, sink, "altered", NOT_AS_THEY_ARE + "altered", Sink::altered);
        records(registry, sink, "repeated", "Records that were left out, since the sink has them", Sink::repeated);
        records(registry, sink, "unchecked", "Records that the sink may have twice", Sink::unchecked);
    }

    private static void gauge(MeterRegistry registry, SinkFollower<?> follower, String name, String description) {
        Gauge.builder(PREFIX + name, follower.progress(), Progress::lagRecords)
                .description(description)
                .tag("sink", follower.sink().name())
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry, SinkFollower<?> follower, String name, ToDoubleFunction<Progress> value) {
        FunctionCounter.builder(PREFIX + name, follower.progress(), value)
                .description("What the sink was given: " + name)
                .tag("sink", follower.sink().name())
                .register(registry);
    }

    private static void records(
            MeterRegistry registry, Sink<?> sink, String outcome, String description, ToDoubleFunction<Sink<?>> value) {
        FunctionCounter.<Sink<?>>builder(PREFIX + outcome, sink, value)
                .description(description)
                .tag("sink", sink.name())
                .register(registry);
    }
}
