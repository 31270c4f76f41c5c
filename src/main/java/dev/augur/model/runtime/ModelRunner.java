package dev.augur.model.runtime;

import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loaded version of a model with its workers, its queue and its statistics. Thread-safe. */
public final class ModelRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRunner.class);

    private final Model model;
    private final ModelConfig config;
    private final ModelWorkers workers;
    private final ModelStatistics statistics = new ModelStatistics();
    private final String artifactDigest;
    private final @Nullable ExampleRun example;
    private final InferencePlan plan;
    private final ModelDispatch dispatch;
    private volatile BatchDecision batching;

    ModelRunner(Vertx vertx, LoadedModel loaded, ModelConfig config, ModelWorkers workers) {
        this.model = loaded.model();
        this.artifactDigest = loaded.artifactDigest();
        this.example = loaded.example().orElse(null);
        this.config = config;
        this.plan = new InferencePlan(model.metadata(), config);
        this.workers = workers;
        this.batching = loaded.batching();
        this.dispatch = new ModelDispatch(
                vertx,
                new ModelDispatch.ServedModel(model, config, workers.pool(), statistics, this::joinNone),
                new ModelQueue(maxBatchRows(), model.metadata().requiredInputs().size()));
    }

    public ModelMetadata metadata() {
        return model.metadata();
    }

    /** What requests are held against. */
    InferencePlan plan() {
        return plan;
    }

    /** Of the files of this version: see {@link dev.augur.model.ArtifactDigest}. */
    String artifactDigest() {
        return artifactDigest;
    }

    /** A run that it took at its warm-up; empty if it took none, or only large ones. */
    public Optional<ExampleRun> example() {
        return Optional.ofNullable(example);
    }

    public ModelStatistics statistics() {
        return statistics;
    }

    /** How this model is served. */
    public ModelConfig config() {
        return config;
    }

    /** Whether requests are joined. */
    public BatchDecision batching() {
        return batching;
    }

    /** Rows that one run takes at most when requests are joined; 1 where they are not. */
    public long maxBatchRows() {
        return batching.batched() ? config.batching().maxSize() : 1;
    }

    /** The numbers that hold for this model, for operators. */
    public String effective() {
        return workers() + " workers"
                + workerGroup().map(group -> " of group " + group).orElse("") + ", "
                + threadsPerRun() + " threads per run, "
                + (config.workers().execution() == Execution.EVENT_LOOP ? "short runs on event loops, " : "") + "queue "
                + config.admission().queue() + ", largest batch "
                + maxBatchRows() + ", batching: " + batching.text();
    }

    /** Threads that run this model. */
    public int workers() {
        return workers.pool().workers();
    }

    /** The group those threads belong to; empty if they are the model's own. */
    public Optional<String> workerGroup() {
        return workers.group();
    }

    /** Threads that one run may use. */
    public int threadsPerRun() {
        return workers.threadsPerRun();
    }

    /** Workers and event loops that run this model now. */
    public int running() {
        return dispatch.running();
    }

    /** Whether event loops run this model now. */
    public boolean onEventLoops() {
        return dispatch.onEventLoops();
    }

    /** Requests that wait for a worker. */
    public int waiting() {
        return dispatch.waiting();
    }

    /**
     * Runs the model for one request. Fails with {@code OVERLOADED} when too many wait, {@code NOT_READY} when this
     * version is being unloaded, {@code DEADLINE_EXCEEDED} when its time has passed, {@code CANCELLED} when nobody
     * waits for it before it runs, {@code PREDICTION_FAILED} when the model fails.
     *
     * @param timeout {@code null} for that of the model
     * @param gone completes, either way, when nobody waits for the result any more
     */
    Future<List<Tensor>> run(Inference inference, @Nullable Duration timeout, Future<?> gone) {
        return dispatch.run(inference, timeout, gone);
    }

    /** Takes no request any more; done when nobody is inside the model. */
    Future<Void> retire() {
        return dispatch.retire();
    }

    /** Stops every run, whoever waits for it; for a node that has no more time. */
    void stopRuns() {
        dispatch.stopRuns();
    }

    private void joinNone(String reason) {
        if (dispatch.joinNone()) {
            LOG.warn(
                    "model {} version {} is not batched any more: {}",
                    metadata().name(),
                    metadata().version(),
                    reason);
            batching = BatchDecision.off(reason);
        }
    }

    /**
     * Frees the model, and its threads if they are its own; nobody may be inside. Under runs that were given up the
     * model stays open, until they come back. Called on a worker thread.
     */
    void close() {
        if (workers.group().isEmpty()) {
            workers.pool().close();
        }
        dispatch.close();
    }

    /** Why no request is taken although this version is loaded: too many of its runs do not come back. */
    public Optional<ServingException> refusal() {
        return dispatch.refusal();
    }

    /** Calls this after each change of {@link #refusal}; it must not wait. */
    void onChange(Runnable listener) {
        dispatch.onChange(listener);
    }

    /** Workers that were given up and have not come back. */
    public int lostWorkers() {
        return dispatch.lostWorkers();
    }
}
