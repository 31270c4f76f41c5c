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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final List<PoolConfig> poolConfigs;
    private final Map<String, WorkerPool> pools = new LinkedHashMap<>();

    /**
     * The models and pools of one node.
     *
     * @param otherPools pools to open beside that of the models
     */
    public PredictionVerticle(
            ModelsConfig config, ModelLoader loader, ModelRegistry models, List<PoolConfig> otherPools) {
        this.config = config;
        this.loader = loader;
        this.models = models;
        this.poolConfigs = List.copyOf(otherPools);
    }

    @Override
    public Future<?> start() {
        open(new PoolConfig(MODELS_POOL, config.workers(), config.queue()));
        poolConfigs.forEach(this::open);
        return pool(MODELS_POOL).run(() -> {
            loadAll();
            return null;
        });
    }

    @Override
    public Future<?> stop() {
        return Future.join(pools.values().stream().map(WorkerPool::drain).toList())
                .onSuccess(drained -> closeModels());
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
    private void loadAll() throws IOException {
        for (ModelSource source : new ModelRepository(config.repository()).latest()) {
            try {
                models.add(loader.load(source));
            } catch (ModelLoadException e) {
                LOG.error("model {} version {} cannot be served: {}", source.name(), source.version(), e.reason());
                models.addFailed(source.name(), e.reason());
            }
        }
    }

    private void closeModels() {
        var loaded = models.models();
        models.clear();
        loaded.forEach(Model::close);
    }
}
