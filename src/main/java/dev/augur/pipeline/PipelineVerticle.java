package dev.augur.pipeline;

import dev.augur.feature.FeatureLookup;
import dev.augur.inference.Predictor;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the feature stores and the pipelines: opens them at the start, whether or not the stores answer, and closes them
 * at the stop. Confined to one event loop; what it hands out is thread-safe once it is deployed.
 */
public final class PipelineVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineVerticle.class);
    private static final int WORKERS = 2; // read files
    private static final int QUEUE = 10_000;
    private static final long PATIENCE_MILLIS = 5_000; // large files are read while requests come already

    private final PipelinesConfig config;
    private final Predictor predictor;
    private final ModelRegistry models;
    private final Recording recording;
    private final Map<String, FeatureLookup> lookups = new LinkedHashMap<>();
    private final Map<String, Turnstile> turnstiles = new HashMap<>();
    private final List<Pipeline> pipelines = new ArrayList<>();

    public PipelineVerticle(PipelinesConfig config, Predictor predictor, ModelRegistry models, Recording recording) {
        this.config = config;
        this.predictor = predictor;
        this.models = models;
        this.recording = recording;
    }

    @Override
    public Future<?> start() {
        var workers = new WorkerPool(vertx, "augur-features", WORKERS, QUEUE);
        config.stores()
                .forEach((name, store) -> lookups.put(
                        name, new FeatureLookup(vertx, name, store.opening().open(vertx, workers), store.lookup())));
        for (PipelineConfig pipeline : config.pipelines()) {
            pipelines.add(new Pipeline(pipeline, steps(pipeline)));
        }
        return Future.succeededFuture();
    }

    /** Done when the stores have answered, or have had some time to. */
    public Future<Void> opened() {
        return Future.join(lookups.values().stream().map(FeatureLookup::opened).toList())
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .transform(opened -> Future.succeededFuture());
    }

    /** Tells of the pipelines that are not ready. */
    public void tell() {
        pipelines().notReady().forEach((name, reason) -> LOG.warn("pipeline {}: {}", name, reason));
    }

    @Override
    public Future<?> stop() {
        return Future.join(lookups.values().stream().map(FeatureLookup::close).toList());
    }

    /** The pipelines of this node. */
    public Pipelines pipelines() {
        return new Pipelines(pipelines);
    }

    /** What stands in front of each feature store. */
    public List<FeatureLookup> lookups() {
        return List.copyOf(lookups.values());
    }

    /** By model, items of requests for many that have no outcome yet. */
    public Map<String, IntSupplier> itemsUnderWay() {
        var items = new TreeMap<String, IntSupplier>();
        turnstiles.forEach((model, turnstile) -> items.put(model, turnstile::items));
        return items;
    }

    private Pipeline.Steps steps(PipelineConfig pipeline) {
        var lookup = lookups.get(pipeline.store());
        if (lookup == null) {
            throw new IllegalArgumentException("no feature store " + pipeline.store() + " among " + lookups.keySet());
        }
        return new Pipeline.Steps(
                vertx,
                lookup,
                predictor,
                models,
                recording,
                turnstiles.computeIfAbsent(pipeline.model(), model -> new Turnstile()));
    }
}
