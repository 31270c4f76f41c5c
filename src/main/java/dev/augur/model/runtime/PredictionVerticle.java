package dev.augur.model.runtime;

import dev.augur.inference.Predictor;
import dev.augur.model.ModelLoader;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the models: loads and unloads them while it runs, drains and closes all at the stop. Confined to one event loop;
 * what it hands out, and {@link #load} and {@link #unload}, are thread-safe once it is deployed.
 */
public final class PredictionVerticle extends VerticleBase implements ModelControl {
    private static final Logger LOG = LoggerFactory.getLogger(PredictionVerticle.class);
    private static final int CLOSER_QUEUE = 1_000_000;

    private final ModelsConfig config;
    private final ModelLoader loader;
    private final ModelRegistry models;
    private final Supplier<Duration> drainTimeout;

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    private ModelLoads loads;

    @SuppressWarnings("NullAway.Init") // as above
    private List<String> found;

    @SuppressWarnings("NullAway.Init") // as above
    private WorkerPool closing; // what was replaced; never refuses, since every close follows a load that was admitted

    @SuppressWarnings("NullAway.Init") // as above
    private ModelKeeper keeper;

    @SuppressWarnings("NullAway.Init") // as above
    private ModelWorkshop workshop;

    private volatile boolean stopped; // a timer set after that would go on for ever

    /**
     * The models of one node.
     *
     * @param drainTimeout how long predictions that run may take when the verticle stops
     */
    public PredictionVerticle(
            ModelsConfig config, ModelLoader loader, ModelRegistry models, Supplier<Duration> drainTimeout) {
        this.config = config;
        this.loader = loader;
        this.models = models;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public Future<?> start() {
        loads = new ModelLoads(vertx);
        closing = new WorkerPool(vertx, "augur-model-closer", /* workers= */ 1, CLOSER_QUEUE);
        workshop = new ModelWorkshop(vertx, config.groups(), closing);
        keeper = new ModelKeeper(config, loader, models, new WarmUp(vertx), workshop);
        return loads.run(keeper::find).onSuccess(names -> found = names);
    }

    /** Loads the models that were there at the start; done when each is served, or cannot be. Called once. */
    public Future<Void> loadAll() {
        return load(found).onComplete(done -> config.watchInterval().ifPresent(this::watch));
    }

    /**
     * Fails when predictions still run after the time they have; the models then stay open, since someone is inside
     * them.
     */
    @Override
    public Future<?> stop() {
        stopped = true;
        keeper.stop();
        var empty = new ArrayList<Future<Void>>();
        var runners = new ArrayList<>(models.loaded());
        runners.addAll(workshop.retiring());
        runners.forEach(runner -> empty.add(runner.retire()));
        long millis = Math.max(1, drainTimeout.get().toMillis());
        return Future.join(empty)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .recover(late -> {
                    runners.forEach(ModelRunner::stopRuns);
                    return Future.failedFuture(new TimeoutException("predictions still ran and were stopped"));
                })
                .compose(drained -> closing.perform(keeper::closeAll))
                .compose(closed -> closing.drain())
                .timeout(2 * millis, TimeUnit.MILLISECONDS);
    }

    /** The predictor of this node's models. */
    public Predictor predictor() {
        return new WorkerPredictor(vertx, models);
    }

    @Override
    public Future<Void> load(String name) {
        return loads.run(name, () -> keeper.load(name));
    }

    @Override
    public Future<Void> unload(String name) {
        return loads.run(name, () -> keeper.unload(name));
    }

    private Future<Void> load(Collection<String> names) {
        return loads.all(names, name -> () -> keeper.loadFound(name));
    }

    /** Looks at the repository now and then; the next look begins when the last one has ended. */
    private void watch(Duration interval) {
        vertx.setTimer(interval.toMillis(), time -> {
            if (!stopped) {
                look(interval);
            }
        });
    }

    private void look(Duration interval) {
        loads.run(keeper::look)
                .compose(this::load)
                .onFailure(failure -> LOG.error("the model repository cannot be watched", failure))
                .onComplete(looked -> watch(interval));
    }
}
