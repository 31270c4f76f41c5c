package dev.augur.metrics;

import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.stream.DoubleStream;

/** {@code augur_model_batch_rows}: the rows of the batches that ran, which the models count themselves. Thread-safe. */
final class BatchRows implements Collector {
    private static final double[] BOUNDS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, Double.POSITIVE_INFINITY};

    private final ModelRegistry models;

    BatchRows(ModelRegistry models) {
        this.models = models;
    }

    @Override
    public HistogramSnapshot collect() {
        var snapshot = HistogramSnapshot.builder()
                .name("augur_model_batch_rows")
                .help("Rows of the batches that ran, since the model was loaded");
        models.loaded().forEach(runner -> snapshot.dataPoint(point(runner)));
        return snapshot.build();
    }

    private static HistogramDataPointSnapshot point(ModelRunner runner) {
        var counts = runner.statistics().snapshot();
        var buckets = new long[BOUNDS.length];
        counts.batches()
                .forEach((rows, totals) ->
                        buckets[bucket(rows)] += totals.computeInfer().count());
        return HistogramDataPointSnapshot.builder()
                .labels(Labels.of(
                        "model",
                        runner.metadata().name(),
                        "version",
                        runner.metadata().version()))
                .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, buckets))
                .sum((double) counts.rows())
                .build();
    }

    private static int bucket(long rows) {
        return (int) DoubleStream.of(BOUNDS).takeWhile(bound -> rows > bound).count();
    }
}
