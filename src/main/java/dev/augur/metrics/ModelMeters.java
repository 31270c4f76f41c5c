package dev.augur.metrics;

import dev.augur.model.runtime.BatchClosed;
import dev.augur.model.runtime.ModelRunner;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The meters of the loaded models, which come and go: by model and version. Used by one thread at a time. */
final class ModelMeters {
    private final MeterRegistry registry;
    private final Map<ModelRunner, List<Meter>> shown = new LinkedHashMap<>();

    ModelMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** From now on shows these alone; a version that was loaded again counts from 0. */
    void show(List<ModelRunner> loaded) {
        var gone = new HashSet<>(shown.keySet());
        loaded.forEach(gone::remove);
        gone.forEach(runner -> shown.remove(runner).forEach(registry::remove));
        loaded.forEach(runner -> shown.computeIfAbsent(runner, this::register));
    }

    private List<Meter> register(ModelRunner runner) {
        var tags = Tags.of(
                "model", runner.metadata().name(), "version", runner.metadata().version());
        var meters = new ArrayList<Meter>();
        meters.add(Gauge.builder("augur.model.waiting", runner, ModelRunner::waiting)
                .description("Requests that wait for a worker")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("augur.model.running", runner, ModelRunner::running)
                .description("Workers inside the model")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("augur.model.lost.workers", runner, ModelRunner::lostWorkers)
                .description("Workers given up, whose run was stopped and does not come back")
                .tags(tags)
                .register(registry));
        meters.add(FunctionCounter.builder("augur.model.refused", runner, one -> one.statistics()
                        .snapshot()
                        .refused())
                .description("Requests refused because the queue was full, since the model was loaded")
                .tags(tags)
                .register(registry));
        for (BatchClosed reason : BatchClosed.values()) {
            meters.add(FunctionCounter.builder("augur.model.batches", runner, one -> batches(one, reason))
                    .description("Batches that ran, by why they had no further requests, since the model was loaded")
                    .tags(tags.and("closed", reason.name().toLowerCase(Locale.ROOT)))
                    .register(registry));
        }
        return meters;
    }

    private static double batches(ModelRunner runner, BatchClosed reason) {
        return runner.statistics().snapshot().closed().getOrDefault(reason, 0L);
    }
}
