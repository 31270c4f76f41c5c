package dev.augur.inference;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded version of a model with its workers, its queue and its statistics. Batches form without waiting: while a worker is free a
 * request goes at once; while all are busy requests gather, and the next worker takes as many as join, up to the largest batch.
 * Thread-safe.
 */
public final class ModelRunner {
    /*
     * A request is put into the queue, and a turn is asked for: a piece of work in the pool that takes a batch out of the queue when it
     * begins. There are as many turns as workers at most, so a pool that several models share serves them in turn.
     *
     * One lock guards `queue`, `running`, `turns`, `begun`, `patience`, `inside` and `retired`. A request is counted in `inside` from its
     * admission until it has left the queue unanswered or the worker that ran it is out of the model, whether or not its caller still
     * waits. The model is closed only when nobody is inside.
     */
    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Model model;
    private final ModelConfig config;
    private final ModelWorkers workers;
    private final boolean batched;
    private final long maxBatchRows;
    private final ModelStatistics statistics = new ModelStatistics();
    private final String artifactDigest;
    private final BatchExecution execution;
    private final ReentrantLock lock = new ReentrantLock();
    private final ModelQueue queue;
    private final Set<Batch> running = new HashSet<>();
    private int turns; // asked for and not over
    private int begun; // of them
    private long patience = NO_TIMER; // runs while requests wait for others
    private int inside;
    private @Nullable Promise<Void> retired;

    ModelRunner(Vertx vertx, LoadedModel loaded, ModelConfig config, ModelWorkers workers) {
        this.vertx = vertx;
        this.model = loaded.model();
        this.artifactDigest = loaded.artifactDigest();
        this.config = config;
        this.workers = workers;
        this.execution = new BatchExecution(model, statistics);
        this.batched = batches(model.metadata());
        this.maxBatchRows = batched ? config.batching().maxSize() : 1;
        this.queue =
                new ModelQueue(maxBatchRows, model.metadata().requiredInputs().size());
    }

    public ModelMetadata metadata() {
        return model.metadata();
    }

    /** Of the files of this version: see {@link dev.augur.model.ArtifactDigest}. */
    String artifactDigest() {
        return artifactDigest;
    }

    public ModelStatistics statistics() {
        return statistics;
    }

    /** How this model is served. */
    public ModelConfig config() {
        return config;
    }

    /** Whether the first dimension of every input and output is free. */
    public boolean batched() {
        return batched;
    }

    /** Rows that one run takes at most when requests are joined; 1 where the model's first dimension is not free. */
    public long maxBatchRows() {
        return maxBatchRows;
    }

    /** The numbers that hold for this model, for operators. */
    public String effective() {
        return workers() + " workers"
                + workerGroup().map(group -> " of group " + group).orElse("") + ", "
                + threadsPerRun() + " threads per run, queue "
                + config.admission().queue() + ", largest batch "
                + maxBatchRows;
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

    /** Workers that run this model now. */
    public int running() {
        return locked(running::size);
    }

    /** Requests that wait for a worker. */
    public int waiting() {
        return locked(queue::size);
    }

    /**
     * Runs the model for one request. Fails with {@code OVERLOADED} when too many wait, {@code NOT_READY} when this version is being
     * unloaded, {@code DEADLINE_EXCEEDED} when its time has passed, {@code CANCELLED} when nobody waits for it before it runs,
     * {@code PREDICTION_FAILED} when the model fails.
     *
     * @param timeout {@code null} for that of the model
     * @param exchange completes, either way, when nobody waits for the result any more
     */
    Future<List<Tensor>> run(Inference inference, @Nullable Duration timeout, Future<?> exchange) {
        var refusal = admit(inference);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        exchange.onComplete(
                over -> drop(inference, ErrorCode.CANCELLED, "the client left before the prediction began"));
        var result = inference.result().future();
        var limit = timeout == null ? config.admission().timeout() : timeout;
        if (!limit.isZero()) {
            long timer = vertx.setTimer(Math.max(1, limit.toMillis()), late -> expire(inference, limit));
            result.onComplete(done -> vertx.cancelTimer(timer));
        }
        return result;
    }

    /** Takes no request any more; done when nobody is inside the model. */
    Future<Void> retire() {
        return locked(() -> {
            if (retired == null) {
                retired = Promise.promise();
            }
            if (inside == 0) {
                retired.tryComplete();
            }
            return retired.future();
        });
    }

    /** Frees the model, and its threads if they are its own; nobody may be inside. Called on a worker thread. */
    void close() {
        if (workers.group().isEmpty()) {
            workers.pool().close();
        }
        model.close();
    }

    private @Nullable ServingException admit(Inference inference) {
        lock.lock();
        try {
            if (retired != null) {
                return new ServingException(
                        ErrorCode.NOT_READY, "model \"" + metadata().name() + "\" is being unloaded");
            }
            int limit = config.admission().queue();
            if (turns == workers() && queue.size() - (turns - begun) >= limit) {
                statistics.refused();
                return new ServingException(
                        ErrorCode.OVERLOADED,
                        "model \"" + metadata().name() + "\": " + limit + " requests wait already");
            }
            inside++;
            queue.add(inference);
            askForTurn();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held, when something waits. */
    private void askForTurn() {
        if (turns == workers() || queue.size() == 0) {
            return;
        }
        long delay = config.batching().maxDelay().toNanos();
        long left = delay == 0 ? 0 : queue.patienceNanos(delay);
        if (left == 0) {
            turns++;
            submit();
        } else if (patience == NO_TIMER) {
            long millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
            patience = vertx.setTimer(millis, over -> patienceIsOver());
        }
    }

    private void patienceIsOver() {
        lock.lock();
        try {
            patience = NO_TIMER;
            askForTurn();
        } finally {
            lock.unlock();
        }
    }

    private void submit() {
        var turn = new Turn();
        workers.pool().run(turn).onFailure(turn::failed);
    }

    /** One batch, taken when the turn begins. Called on a worker. */
    private final class Turn implements Callable<Boolean> {
        private @Nullable Batch batch;
        private boolean over;

        @Override
        public Boolean call() {
            try {
                var taken = locked(this::begin);
                if (taken != null) {
                    execution.run(taken);
                }
            } finally {
                locked(this::end);
            }
            return true;
        }

        private @Nullable Batch begin() {
            begun++;
            var taken = queue.next();
            batch = taken;
            if (taken != null) {
                taken.members().forEach(member -> member.joined(taken));
                running.add(taken);
            }
            return taken;
        }

        private boolean end() {
            begun--;
            turns--;
            over = true;
            if (batch != null) {
                running.remove(batch);
                leave(batch.members().size());
            }
            askForTurn();
            return true;
        }

        /** The pool took no turn any more, or the run ended in an error of the JVM: who waits for this turn is told. */
        private void failed(Throwable failure) {
            var unanswered = locked(() -> {
                if (over) {
                    return batch;
                }
                turns--;
                var next = queue.next();
                leave(next == null ? 0 : next.members().size());
                return next;
            });
            if (unanswered != null) {
                unanswered.members().forEach(member -> member.fail(failure));
            }
        }
    }

    /** A request whose time has passed is answered at once, whether it waits or a worker is on it. */
    private void expire(Inference inference, Duration timeout) {
        var reason = "the prediction did not end within " + timeout.toMillis() + " ms";
        drop(inference, ErrorCode.DEADLINE_EXCEEDED, reason);
        inference.fail(new ServingException(ErrorCode.DEADLINE_EXCEEDED, reason));
    }

    /** Nobody waits for this request any more: it leaves the queue, or its run is stopped if nobody waits for the rest of it either. */
    private void drop(Inference inference, ErrorCode code, String reason) {
        if (inference.result().future().isComplete()) {
            return;
        }
        inference.abandon();
        statistics.cancelled();
        boolean waited = locked(() -> {
            boolean removed = queue.remove(inference);
            leave(removed ? 1 : 0);
            return removed;
        });
        var batch = inference.batch();
        if (waited) {
            inference.fail(new ServingException(code, reason));
        } else if (batch != null && batch.abandoned()) {
            batch.run().stop();
        }
    }

    /** Stops every run, whoever waits for it; for a node that has no more time. */
    void stopRuns() {
        locked(() -> List.copyOf(running)).forEach(batch -> batch.run().stop());
    }

    /** Called with the lock held. */
    private void leave(int requests) {
        inside -= requests;
        if (inside == 0 && retired != null) {
            retired.tryComplete();
        }
    }

    @CanIgnoreReturnValue
    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Requests can be joined where the first dimension of every input that all give, and of every output, is free. */
    private static boolean batches(ModelMetadata metadata) {
        return metadata.requiredInputs().stream().allMatch(ModelRunner::firstIsFree)
                && metadata.outputs().stream().allMatch(ModelRunner::firstIsFree);
    }

    private static boolean firstIsFree(TensorMetadata tensor) {
        return tensor.shape().rank() > 0 && tensor.shape().dimension(0) == Shape.VARIABLE;
    }
}
