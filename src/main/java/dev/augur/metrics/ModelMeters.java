package dev.augur.metrics;

import dev.augur.model.runtime.BatchClosed;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.model.runtime.ModelStatistics.Stages;
import dev.augur.model.runtime.ModelStatistics.Total;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
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
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

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
        var tags = tags(runner);
        var meters = new ArrayList<Meter>();
        meters.add(Gauge.builder("augur.model.waiting", runner, ModelRunner::waiting)
                .description("Requests that wait for a worker")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("augur.model.running", runner, ModelRunner::running)
                .description("Workers and event loops inside the model")
                .tags(tags)
                .register(registry));
        meters.add(Gauge.builder("augur.model.event.loops", runner, one -> one.onEventLoops() ? 1 : 0)
                .description("1 while event loops run the model, 0 while workers do")
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
        meters.add(FunctionCounter.builder("augur.model.rows", runner, one -> one.statistics()
                        .snapshot()
                        .rows())
                .description("Rows predicted, since the model was loaded")
                .tags(tags)
                .register(registry));
        meters.add(total("augur.model.queue", "Time that requests waited for a worker", runner, Stages::queue));
        meters.add(total(
                "augur.model.run",
                "Time that the model ran, for each request of a batch",
                runner,
                Stages::computeInfer));
        for (BatchClosed reason : BatchClosed.values()) {
            meters.add(FunctionCounter.builder("augur.model.batches", runner, one -> batches(one, reason))
                    .description("Batches that ran, by why they had no further requests, since the model was loaded")
                    .tags(tags.and("closed", reason.name().toLowerCase(Locale.ROOT)))
                    .register(registry));
        }
        return meters;
    }

    private Meter total(String name, String what, ModelRunner runner, Function<Stages, Total> total) {
        return FunctionTimer.builder(
                        name,
                        runner,
                        one -> total.apply(one.statistics().snapshot().stages()).count(),
                        one -> total.apply(one.statistics().snapshot().stages()).nanos(),
                        TimeUnit.NANOSECONDS)
                .description(what + ", since the model was loaded")
                .tags(tags(runner))
                .register(registry);
    }

    private static Tags tags(ModelRunner runner) {
        return Tags.of(
                "model", runner.metadata().name(), "version", runner.metadata().version());
    }

    private static double batches(ModelRunner runner, BatchClosed reason) {
        return runner.statistics().snapshot().closed().getOrDefault(reason, 0L);
    }
}
