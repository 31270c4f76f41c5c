package dev.augur.inference;

import dev.augur.model.ModelLoader;
import dev.augur.worker.PoolConfig;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the models and the named worker pools: opens them at the start, loads and unloads models while it runs, drains and closes all at
 * the stop. Confined to one event loop; what it hands out, and {@link #load} and {@link #unload}, are thread-safe once it is deployed.
 */
public final class PredictionVerticle extends VerticleBase implements ModelControl {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionVerticle.class);
    private static final int KEEPER_QUEUE = 100;
    private static final int CLOSER_QUEUE = 1_000_000;

    private final ModelsConfig config;
    private final ModelLoader loader;
    private final ModelRegistry models;
    private final Pools otherPools;
    private final Map<String, WorkerPool> pools = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    private WorkerPool loading; // one model after another

    @SuppressWarnings("NullAway.Init") // as above
    private WorkerPool closing; // what was replaced; never refuses, since every close follows a load that was admitted

    @SuppressWarnings("NullAway.Init") // as above
    private ModelKeeper keeper;

    @SuppressWarnings("NullAway.Init") // as above
    private ModelWorkshop workshop;

    /**
     * The pools that a verticle opens beside those of the models.
     *
     * @param drainTimeout how long work that runs may take when the verticle stops
     */
    public record Pools(List<PoolConfig> configs, Supplier<Duration> drainTimeout) {
        public Pools {
            configs = List.copyOf(configs);
        }
    }

    /** The models and pools of one node. */
    public PredictionVerticle(ModelsConfig config, ModelLoader loader, ModelRegistry models, Pools otherPools) {
        this.config = config;
        this.loader = loader;
        this.models = models;
        this.otherPools = otherPools;
    }

    @Override
    public Future<?> start() {
        for (PoolConfig pool : otherPools.configs()) {
            pools.put(pool.name(), new WorkerPool(vertx, pool.name(), pool.workers(), pool.queue()));
        }
        loading = new WorkerPool(vertx, "augur-model-keeper", /* workers= */ 1, KEEPER_QUEUE);
        closing = new WorkerPool(vertx, "augur-model-closer", /* workers= */ 1, CLOSER_QUEUE);
        workshop = new ModelWorkshop(vertx, config.groups(), closing);
        keeper = new ModelKeeper(config, loader, models, new WarmUp(vertx), workshop);
        return loading.run(keeper::loadAll)
                .onSuccess(loaded -> config.watchInterval().ifPresent(this::watch))
                .recover(failure -> loading.run(keeper::closeAll).transform(closed -> Future.failedFuture(failure)));
    }

    /** Fails when predictions still run after the time they have; the models then stay open, since someone is inside them. */
    @Override
    public Future<?> stop() {
        var empty = new ArrayList<Future<Void>>();
        pools.values().forEach(pool -> empty.add(pool.drain()));
        var runners = new ArrayList<>(models.loaded());
        runners.addAll(workshop.retiring());
        runners.forEach(runner -> empty.add(runner.retire()));
        long millis = Math.max(1, otherPools.drainTimeout().get().toMillis());
        return Future.join(empty)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(late -> {
                    runners.forEach(ModelRunner::stopRuns);
                    return Future.failedFuture(new TimeoutException("predictions still ran and were stopped"));
                })
                .compose(drained -> loading.run(keeper::closeAll))
                .compose(closed -> closing.drain());
    }

    /** The predictor of this node's models. */
    public Predictor predictor() {
        return new WorkerPredictor(vertx, models);
    }

    /** The pool of that name; it was given to the constructor. */
    public WorkerPool pool(String name) {
        var pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + name + " among " + pools.keySet());
        }
        return pool;
    }

    /** The pools beside those of the models. */
    public List<WorkerPool> pools() {
        return List.copyOf(pools.values());
    }

    @Override
    public Future<Void> load(String name) {
        return loading.run(() -> keeper.load(name)).mapEmpty();
    }

    @Override
    public Future<Void> unload(String name) {
        return loading.run(() -> keeper.unload(name)).mapEmpty();
    }

    /** Looks at the repository now and then; the next look begins when the last one has ended. */
    private void watch(Duration interval) {
        vertx.setTimer(interval.toMillis(), time -> loading.run(keeper::look)
                .onFailure(failure -> LOG.error("the model repository cannot be watched", failure))
                .onComplete(looked -> watch(interval)));
    }
}
