package dev.augur.model.runtime;

import dev.augur.model.Model;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives loaded models their workers, their own or those of a group, and closes them when they are replaced. Opens on
 * the keeper's thread; thread-safe otherwise.
 */
final class ModelWorkshop implements ModelKeeper.Workshop {
    private static final Logger LOG = LoggerFactory.getLogger(ModelWorkshop.class);
    private static final int QUEUE_OF_TURNS = 100_000; // every model of a group has as many as its workers

    private final Vertx vertx;
    private final WorkerPool closing;
    private final Map<String, WorkerPool> groups = new HashMap<>();
    private final Set<ModelRunner> retiring = ConcurrentHashMap.newKeySet();

    ModelWorkshop(Vertx vertx, Map<String, Integer> workersOfGroups, WorkerPool closing) {
        this.vertx = vertx;
        this.closing = closing;
        workersOfGroups.forEach((group, workers) ->
                groups.put(group, new WorkerPool(vertx, "augur-group-" + group, workers, QUEUE_OF_TURNS)));
    }

    @Override
    public ModelRunner open(LoadedModel loaded, ModelConfig config) {
        var group = config.workers().group();
        return new ModelRunner(
                vertx,
                loaded,
                config,
                new ModelWorkers(
                        group.map(this::group).orElseGet(() -> own(loaded.model(), config)),
                        group,
                        threadsPerRun(config)));
    }

    @Override
    public int threadsPerRun(ModelConfig config) {
        int workers = config.workers()
                .group()
                .map(this::group)
                .map(WorkerPool::workers)
                .orElse(config.workers().count());
        return Math.max(1, Runtime.getRuntime().availableProcessors() / workers);
    }

    @Override
    public void retire(ModelRunner replaced) {
        retiring.add(replaced);
        replaced.retire().onSuccess(empty -> close(replaced));
    }

    /** Runners that were replaced and still have requests. */
    List<ModelRunner> retiring() {
        return List.copyOf(retiring);
    }

    private WorkerPool own(Model model, ModelConfig config) {
        int workers = config.workers().count();
        // Twice the workers: a turn that ends asks for the next one before its own place is free.
        return new WorkerPool(vertx, "augur-model-" + model.metadata().name(), workers, workers);
    }

    private WorkerPool group(String name) {
        return Optional.ofNullable(groups.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no group " + name + " among " + groups.keySet()));
    }

    private void close(ModelRunner runner) {
        closing.run(() -> {
                    runner.close();
                    return retiring.remove(runner);
                })
                .onFailure(failure ->
                        LOG.error("model {} was not closed", runner.metadata().name(), failure));
    }
}
