package dev.augur.inference;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
     * One lock guards `waiting`, `running`, `busy`, `inside` and `retired`. A request is counted in `inside` from its admission until it has left the
     * queue unanswered or the worker that ran it is out of the model, whether or not its caller still waits. The model is closed only
     * when nobody is inside.
     */
    private final Vertx vertx;
    private final Model model;
    private final WorkerPool workers;
    private final int maxWaiting;
    private final long maxBatchRows;
    private final ModelStatistics statistics = new ModelStatistics();
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<Inference> waiting = new LinkedHashSet<>();
    private final Set<Batch> running = new HashSet<>();
    private int busy;
    private int inside;
    private @Nullable Promise<Void> retired;

    /** A runner of its own threads, named after the model. */
    public ModelRunner(Vertx vertx, Model model, ModelsConfig config) {
        this.vertx = vertx;
        this.model = model;
        // Twice the workers: one that ends has the next batch admitted before its own place is free.
        this.workers =
                new WorkerPool(vertx, "augur-model-" + model.metadata().name(), config.workers(), config.workers());
        this.maxWaiting = config.queue();
        this.maxBatchRows = batches(model.metadata()) ? config.maxBatchSize() : 1;
    }

    public ModelMetadata metadata() {
        return model.metadata();
    }

    public ModelStatistics statistics() {
        return statistics;
    }

    /** Rows that one run takes at most when requests are joined; 1 where the model's first dimension is not free. */
    public long maxBatchRows() {
        return maxBatchRows;
    }

    /** The pool of this model's workers. */
    public WorkerPool workers() {
        return workers;
    }

    /** Requests that wait for a worker. */
    public int waiting() {
        return locked(waiting::size);
    }

    /**
     * Runs the model for one request. Fails with {@code INVALID_ARGUMENT} when its inputs do not fit, {@code OVERLOADED} when too many
     * wait, {@code NOT_READY} when this version is being unloaded, {@code DEADLINE_EXCEEDED} when its time has passed, {@code CANCELLED}
     * when nobody waits for it before it runs, {@code PREDICTION_FAILED} when the model fails.
     *
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
        if (timeout != null) {
            long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), late -> expire(inference, timeout));
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

    /** Frees the model and its threads; nobody may be inside. Called on a worker thread. */
    void close() {
        workers.close();
        model.close();
    }

    private @Nullable ServingException admit(Inference inference) {
        var batch = new ArrayList<Inference>();
        var refusal = locked(() -> {
            if (retired != null) {
                return new ServingException(
                        ErrorCode.NOT_READY, "model \"" + metadata().name() + "\" is being unloaded");
            }
            if (busy == workers.workers() && waiting.size() >= maxWaiting) {
                statistics.refused();
                return new ServingException(
                        ErrorCode.OVERLOADED,
                        "model \"" + metadata().name() + "\": " + maxWaiting + " requests wait already");
            }
            inside++;
            if (busy == workers.workers()) {
                waiting.add(inference);
            } else {
                busy++;
                batch.add(inference);
            }
            return null;
        });
        if (!batch.isEmpty()) {
            start(new Batch(batch));
        }
        return refusal;
    }

    private void start(Batch batch) {
        batch.members().forEach(member -> member.joined(batch));
        workers.run(() -> runAndGoOn(batch)).onFailure(failure -> {
            batch.members()
                    .forEach(member -> member.fail(failure)); // no more than a second failure, unless the pool refused
        });
    }

    /** On a worker: one batch, and then the next one is handed to the pool. */
    private boolean runAndGoOn(Batch batch) {
        try {
            locked(() -> running.add(batch));
            run(batch);
        } finally {
            var next = locked(() -> {
                running.remove(batch);
                leave(batch.members().size());
                var following = nextBatch();
                busy -= following == null ? 1 : 0;
                return following;
            });
            if (next != null) {
                start(next);
            }
        }
        return true;
    }

    private void run(Batch batch) {
        if (batch.abandoned()) { // between leaving the queue and getting here
            var gone = new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began");
            batch.members().forEach(member -> member.fail(gone));
            return;
        }
        long started = System.nanoTime();
        try {
            var inputs = batch.inputs();
            long joined = System.nanoTime();
            var outputs = model.predict(inputs, batch.members().get(0).outputs(), batch.run());
            long predicted = System.nanoTime();
            var parts = batch.split(outputs);
            for (int i = 0; i < parts.size(); i++) {
                batch.members().get(i).succeed(parts.get(i));
            }
            statistics.succeeded(batch, new ModelStatistics.Stamps(started, joined, predicted, System.nanoTime()));
        } catch (Exception failure) {
            if (batch.members().size() > 1) { // one bad request must not fail the others
                batch.members().stream()
                        .filter(member -> !member.abandoned())
                        .map(member -> new Batch(List.of(member)))
                        .forEach(this::runAlone);
            } else {
                statistics.failed(batch, System.nanoTime() - started);
                batch.members().get(0).fail(failure);
            }
        }
    }

    private void runAlone(Batch batch) {
        batch.members().forEach(member -> member.joined(batch));
        run(batch);
    }

    /** Called with the lock held: the first that waits and, as far as they join it, those behind it. */
    private @Nullable Batch nextBatch() {
        var iterator = waiting.iterator();
        if (!iterator.hasNext()) {
            return null;
        }
        var first = iterator.next();
        iterator.remove();
        var members = new ArrayList<Inference>();
        members.add(first);
        long rows = first.rows();
        while (rows > 0 && rows < maxBatchRows && iterator.hasNext()) {
            var candidate = iterator.next();
            long more = candidate.rows();
            if (more > 0 && rows + more <= maxBatchRows && first.joins(candidate)) {
                iterator.remove();
                members.add(candidate);
                rows += more;
            }
        }
        return new Batch(members);
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
        boolean waited = locked(() -> {
            boolean removed = waiting.remove(inference);
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

    /** Requests can be joined where the first dimension of every input and every output is free. */
    private static boolean batches(ModelMetadata metadata) {
        return metadata.inputs().stream().allMatch(ModelRunner::firstIsFree)
                && metadata.outputs().stream().allMatch(ModelRunner::firstIsFree);
    }

    private static boolean firstIsFree(TensorMetadata tensor) {
        return tensor.shape().rank() > 0 && tensor.shape().dimension(0) == Shape.VARIABLE;
    }
}
