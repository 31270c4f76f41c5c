package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelLoader;
import dev.augur.model.ModelRepository;
import dev.augur.model.ModelSource;
import dev.augur.worker.PoolConfig;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final ModelRepository repository;
    private final Pools otherPools;
    private final Map<String, WorkerPool> pools = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    private WorkerPool keeper; // loads, one model after another

    @SuppressWarnings("NullAway.Init") // as above
    private WorkerPool
            closer; // closes what was replaced; never refuses, since every close follows a load the keeper took

    private final Set<ModelRunner> retiring = ConcurrentHashMap.newKeySet();

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
        this.repository = new ModelRepository(config.repository());
        this.otherPools = otherPools;
    }

    @Override
    public Future<?> start() {
        for (PoolConfig pool : otherPools.configs()) {
            pools.put(pool.name(), new WorkerPool(vertx, pool.name(), pool.workers(), pool.queue()));
        }
        keeper = new WorkerPool(vertx, "augur-model-keeper", /* workers= */ 1, KEEPER_QUEUE);
        closer = new WorkerPool(vertx, "augur-model-closer", /* workers= */ 1, CLOSER_QUEUE);
        return keeper.run(this::loadAll)
                .recover(failure -> keeper.run(this::closeAll).transform(closed -> Future.failedFuture(failure)));
    }

    /** Fails when predictions still run after the time they have; the models then stay open, since someone is inside them. */
    @Override
    public Future<?> stop() {
        var empty = new ArrayList<Future<Void>>();
        pools.values().forEach(pool -> empty.add(pool.drain()));
        var runners = new ArrayList<>(models.loaded());
        runners.addAll(retiring);
        runners.forEach(runner -> empty.add(runner.retire()));
        long millis = Math.max(1, otherPools.drainTimeout().get().toMillis());
        return Future.join(empty)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(late -> {
                    runners.forEach(ModelRunner::stopRuns);
                    return Future.failedFuture(new TimeoutException("predictions still ran and were stopped"));
                })
                .compose(drained -> keeper.run(this::closeAll))
                .compose(closed -> closer.drain());
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
        return keeper.run(() -> {
                    var source = repository.latest().stream()
                            .filter(candidate -> candidate.name().equals(name))
                            .findFirst()
                            .orElseThrow(() -> new ServingException(
                                    ErrorCode.NOT_FOUND, "model \"" + name + "\" is not in the repository"));
                    var fault = load(source);
                    if (fault.isPresent()) {
                        throw new ServingException(
                                ErrorCode.INVALID_ARGUMENT, "model \"" + name + "\" cannot be loaded: " + fault.get());
                    }
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> unload(String name) {
        return keeper.run(() -> {
                    var entry = models.entries().stream()
                            .filter(candidate -> candidate.name().equals(name))
                            .findFirst()
                            .orElseThrow(() ->
                                    new ServingException(ErrorCode.NOT_FOUND, "model \"" + name + "\" is not known"));
                    retire(models.addUnavailable(name, entry.version(), "unloaded"));
                    return true;
                })
                .mapEmpty();
    }

    /** Called on the keeper. Models that cannot be loaded are noted with their reason; the others are served. */
    private boolean loadAll() throws IOException {
        if (!repository.exists()) {
            LOG.warn("models.repository: {} is not there, no model is served", config.repository());
        }
        for (ModelSource source : repository.latest()) {
            load(source)
                    .ifPresent(fault -> LOG.error(
                            "model {} version {} cannot be served: {}", source.name(), source.version(), fault));
        }
        return true;
    }

    /** Called on the keeper; the fault if there is one. */
    private Optional<String> load(ModelSource source) {
        try {
            retire(models.add(new ModelRunner(vertx, loader.load(source), config)));
            return Optional.empty();
        } catch (ModelLoadException e) {
            return Optional.of(noteFault(source, e.reason()));
        } catch (RuntimeException e) {
            LOG.error("model {} version {}", source.name(), source.version(), e);
            return Optional.of(noteFault(source, "the server failed to load it"));
        }
    }

    private String noteFault(ModelSource source, String reason) {
        boolean serving = models.loaded().stream()
                .anyMatch(runner -> runner.metadata().name().equals(source.name()));
        if (!serving) {
            models.addUnavailable(source.name(), source.version(), reason);
        }
        return reason;
    }

    /** Closes a model that is not in the registry any more, once the last request has left it. */
    private void retire(Optional<ModelRunner> replaced) {
        replaced.ifPresent(runner -> {
            retiring.add(runner);
            runner.retire().onSuccess(empty -> close(runner));
        });
    }

    private void close(ModelRunner runner) {
        closer.run(() -> {
                    runner.close();
                    return retiring.remove(runner);
                })
                .onFailure(failure ->
                        LOG.error("model {} was not closed", runner.metadata().name(), failure));
    }

    /** Called on the keeper, with nobody inside a model. */
    private boolean closeAll() {
        for (ModelRunner runner : models.loaded()) {
            models.addUnavailable(runner.metadata().name(), runner.metadata().version(), "the server stops");
            runner.close();
        }
        return true;
    }
}
