package dev.augur.metrics;

import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.model.runtime.ModelStatistics.Snapshot;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What the models have done under the names {@code nv_inference_…} of Triton's metrics, for dashboards made for it.
 * Untyped, since a counter of Prometheus has to end in {@code _total}. Thread-safe.
 */
final class TritonNames implements MultiCollector {
    private final ModelRegistry models;

    private record Sample(Labels labels, Snapshot counts, int waiting) {}

    TritonNames(ModelRegistry models) {
        this.models = models;
    }

    @Override
    public MetricSnapshots collect() {
        var samples = models.loaded().stream().map(TritonNames::sample).toList();
        var all = new ArrayList<MetricSnapshot>();
        all.add(of(
                "request_success",
                samples,
                one -> one.counts().stages().success().count()));
        all.add(failures(samples));
        all.add(of("count", samples, one -> one.counts().rows()));
        all.add(of("exec_count", samples, one -> one.counts().executions()));
        all.add(of("pending_request_count", samples, Sample::waiting));
        all.add(of(
                "request_duration_us",
                samples,
                one -> micros(one.counts().stages().success().nanos())));
        all.add(of(
                "queue_duration_us",
                samples,
                one -> micros(one.counts().stages().queue().nanos())));
        all.add(of(
                "compute_input_duration_us",
                samples,
                one -> micros(one.counts().stages().computeInput().nanos())));
        all.add(of(
                "compute_infer_duration_us",
                samples,
                one -> micros(one.counts().stages().computeInfer().nanos())));
        all.add(of(
                "compute_output_duration_us",
                samples,
                one -> micros(one.counts().stages().computeOutput().nanos())));
        return new MetricSnapshots(all);
    }

    private static Sample sample(ModelRunner runner) {
        var labels = Labels.of(
                "model", runner.metadata().name(), "version", runner.metadata().version());
        return new Sample(labels, runner.statistics().snapshot(), runner.waiting());
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    /** By reason, in Triton's words. */
    private static MetricSnapshot failures(List<Sample> samples) {
        var snapshot = named("request_failure");
        for (Sample one : samples) {
            var counts = one.counts();
            snapshot.dataPoint(failure(one, "BACKEND", counts.stages().fail().count()));
            snapshot.dataPoint(failure(one, "CANCELED", counts.cancelled()));
            snapshot.dataPoint(failure(one, "REJECTED", counts.refused()));
        }
        return snapshot.build();
    }

    private static UnknownDataPointSnapshot failure(Sample sample, String reason, long count) {
        return point(sample.labels().add("reason", reason), (double) count);
    }

    private static MetricSnapshot of(String name, List<Sample> samples, ToDoubleFunction<Sample> value) {
        var snapshot = named(name);
        samples.forEach(one -> snapshot.dataPoint(point(one.labels(), value.applyAsDouble(one))));
        return snapshot.build();
    }

    private static UnknownSnapshot.Builder named(String name) {
        return UnknownSnapshot.builder()
                .name("nv_inference_" + name)
                .help("As Triton counts it, since the model was loaded");
    }

    private static UnknownDataPointSnapshot point(Labels labels, double value) {
        return UnknownDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
