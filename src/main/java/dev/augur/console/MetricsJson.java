package dev.augur.console;

import dev.augur.metrics.ResidentMemory;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.sink.Progress;
import dev.augur.predictionlog.sink.SinkFollower;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** What is counted and measured, as one object. Called on a worker. */
final class MetricsJson {
    private static final double SECOND = 1e9;

    private final Sources sources;

    MetricsJson(Sources sources) {
        this.sources = sources;
    }

    /**
     * Now.
     *
     * @param stages of the requests of the last second
     * @param loops how long tasks have waited for their event loops
     */
    JsonObject now(JsonArray stages, JsonObject loops) {
        return new JsonObject()
                .put("now_ms", System.currentTimeMillis())
                .put("routes", routes())
                .put("stages", stages)
                .put("models", models())
                .put("pools", pools())
                .put("event_loops", loops)
                .put("memory", memory())
                .put("log", log());
    }

    private JsonArray routes() {
        var routes = new JsonArray();
        sources.meters().requestCounts().forEach((route, counts) -> {
            var byStatus = new JsonObject();
            counts.forEach((status, count) -> byStatus.put(String.valueOf(status), count));
            routes.add(new JsonObject().put("route", route).put("count", byStatus));
        });
        return routes;
    }

    private JsonArray models() {
        var models = new JsonArray();
        for (ModelRegistry.Entry entry : sources.models().entries()) {
            var json = new JsonObject()
                    .put("model", entry.name())
                    .put("version", entry.version())
                    .put("state", entry.state().name());
            entry.runner().ifPresent(runner -> add(json, runner));
            models.add(json);
        }
        return models;
    }

    private static void add(JsonObject json, ModelRunner runner) {
        var counts = runner.statistics().snapshot();
        var closed = new JsonObject();
        counts.closed().forEach((reason, batches) -> closed.put(reason.name().toLowerCase(Locale.ROOT), batches));
        json.put("waiting", runner.waiting())
                .put("running", runner.running())
                .put("workers", runner.workers())
                .put(
                        "requests",
                        counts.stages().success().count()
                                + counts.stages().fail().count())
                .put("batches", counts.executions())
                .put("rows", counts.rows())
                .put("closed", closed);
    }

    private JsonArray pools() {
        var pools = new JsonArray();
        sources.meters()
                .pools()
                .forEach(pool -> pools.add(new JsonObject()
                        .put("pool", pool.name())
                        .put("workers", pool.workers())
                        .put("running", pool.running())
                        .put("waiting", pool.waiting())));
        return pools;
    }

    private static JsonObject memory() {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new JsonObject()
                .put("heap_used_bytes", heap.getUsed())
                .put("heap_max_bytes", heap.getMax())
                .put("resident_bytes", ResidentMemory.bytes());
    }

    /** The log lags by what is not in the ledger yet, or by what one of its sinks does not have. */
    private JsonObject log() {
        var log = sources.log();
        List<Progress> sinks = sources.writer().map(PredictionLogVerticle::followers).orElse(List.of()).stream()
                .map(SinkFollower::progress)
                .toList();
        long records = log.pending();
        double seconds = log.oldestWait().toNanos() / SECOND;
        for (Progress sink : sinks) {
            records = Math.max(records, sink.lagRecords());
            seconds = Math.max(seconds, sink.lagSeconds());
        }
        return new JsonObject()
                .put("pending", log.pending())
                .put("written", sources.written())
                .put("lag_records", records)
                .put("lag_seconds", seconds);
    }
}
