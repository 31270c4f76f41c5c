package dev.augur.inference;

import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelRegistry;
import dev.augur.model.ModelRepository;
import dev.augur.model.ModelSource;
import dev.augur.worker.PoolConfig;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the named worker pools and the models: opens both at the start, drains the pools and closes the models at the stop. Confined
 * to one event loop; what it hands out, once deployed, is thread-safe.
 */
public final class PredictionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionVerticle.class);
    private static final String MODELS_POOL = "augur-models";

    private final ModelsConfig config;
    private final ModelLoader loader;
    private final ModelRegistry models;
    private final Pools poolConfigs;
    private final Map<String, WorkerPool> pools = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    private WorkerPool keeper;

    /**
     * The pools that a verticle opens beside that of the models.
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
        this.poolConfigs = otherPools;
    }

    @Override
    public Future<?> start() {
        open(new PoolConfig(MODELS_POOL, config.workers(), config.queue()));
        poolConfigs.configs().forEach(this::open);
        keeper = new WorkerPool(vertx, "augur-model-keeper", /* workers= */ 1, /* queue= */ 1);
        return keeper.run(this::loadAll)
                .recover(failure -> keeper.run(this::closeAll).transform(closed -> Future.failedFuture(failure)));
    }

    /** Fails when predictions still run after the time they have; the models then stay open, since ONNX Runtime is inside them. */
    @Override
    public Future<?> stop() {
        long millis = Math.max(1, poolConfigs.drainTimeout().get().toMillis());
        return Future.join(pools.values().stream().map(WorkerPool::drain).toList())
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(late -> Future.failedFuture(new TimeoutException(running() + " predictions still run")))
                .compose(drained -> keeper.run(this::closeAll));
    }

    /** The predictor of this node's models. */
    public Predictor predictor() {
        return new WorkerPredictor(models, pool(MODELS_POOL));
    }

    /** The pool of that name; it was given to the constructor. */
    public WorkerPool pool(String name) {
        var pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + name + " among " + pools.keySet());
        }
        return pool;
    }

    /** Every pool of this verticle. */
    public List<WorkerPool> pools() {
        return List.copyOf(pools.values());
    }

    private void open(PoolConfig pool) {
        pools.put(pool.name(), new WorkerPool(vertx, pool.name(), pool.workers(), pool.queue()));
    }

    /** Called on a worker thread. A model that cannot be loaded is noted with its reason; the others are served. */
    private boolean loadAll() throws IOException {
        var repository = new ModelRepository(config.repository());
        if (!repository.exists()) {
            LOG.warn("models.repository: {} is not there, no model is served", config.repository());
        }
        for (ModelSource source : repository.latest()) {
            try {
                models.add(loader.load(source));
            } catch (ModelLoadException e) {
                LOG.error("model {} version {} cannot be served: {}", source.name(), source.version(), e.reason());
                models.addFailed(source.name(), e.reason());
            } catch (RuntimeException e) {
                LOG.error("model {} version {} cannot be served", source.name(), source.version(), e);
                models.addFailed(source.name(), "the server failed to load it");
            }
        }
        return true;
    }

    /** Called on a worker thread, with nobody inside a model. */
    private boolean closeAll() {
        var loaded = models.models();
        models.clear();
        loaded.forEach(Model::close);
        return true;
    }

    private int running() {
        return pools.values().stream().mapToInt(WorkerPool::running).sum();
    }
}
