package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a model and the turns of its workers. Batches form without waiting: while a worker is free, all that
 * arrives together on an event loop goes at once; while all are busy requests gather, and the next worker takes as many
 * as join, up to the largest batch. Thread-safe.
 */
final class ModelDispatch {
    /*
     * A request is put into the queue, and a turn of a worker asked for, which takes a batch out of it.
     *
     * One lock guards `queue`, `turns` and `occupancy`. Nobody is inside at the close.
     *
     * A run is stopped when nobody waits for it any more. One that has not come back some time after that is given up:
     * its turn is over and its worker replaced. When too many have been lost that way no request is taken any more,
     * until some come back.
     */
    private final Vertx vertx;
    private final Model model;
    private final ModelConfig config;
    private final ModelStatistics statistics;
    private final Guard guard = new Guard();
    private final ModelQueue queue;
    private final ModelTurns turns;
    private final Occupancy occupancy = new Occupancy();
    private volatile @Nullable ServingException stuck; // while too many runs do not come back
    private volatile Runnable onChange = () -> {};
    /** A model and how it is served. */
    record ServedModel(
            Model model, ModelConfig config, WorkerPool pool, ModelStatistics statistics, Consumer<String> mistrust) {}

    ModelDispatch(Vertx vertx, ServedModel served, ModelQueue queue) {
        this.vertx = vertx;
        this.model = served.model();
        this.config = served.config();
        this.statistics = served.statistics();
        this.queue = queue;
        this.turns = new ModelTurns(vertx, served, new ModelTurns.Owner(guard, queue, occupancy, this::lossChanged));
    }

    /** Workers and event loops that run this model now. */
    int running() {
        return guard.locked(turns::running);
    }

    /** Whether event loops run this model now. */
    boolean onEventLoops() {
        return guard.locked(turns::onLoops);
    }

    /** Requests that wait for a worker. */
    int waiting() {
        return guard.locked(queue::size);
    }

    /** Joins no requests any more; whether it did until now. */
    boolean joinNone() {
        return guard.locked(queue::joinNone);
    }

    /** As {@link ModelRunner#run}. */
    Future<List<Tensor>> run(Inference inference, @Nullable Duration timeout, Future<?> gone) {
        var refusal = admit(inference);
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        gone.onComplete(over -> drop(inference));
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
        return guard.locked(occupancy::retire);
    }

    /** Closes the model; nobody may be inside. Under runs that were given up it stays open, until they come back. */
    void close() {
        if (guard.locked(occupancy::close)) {
            model.close();
        }
    }

    /** Why no request is taken although this version is loaded: too many of its runs do not come back. */
    Optional<ServingException> refusal() {
        return Optional.ofNullable(stuck);
    }

    /** Calls this after each change of {@link #refusal}; it must not wait. */
    void onChange(Runnable listener) {
        onChange = listener;
    }

    /** Workers that were given up and have not come back. */
    int lostWorkers() {
        return guard.locked(occupancy::lost);
    }

    private @Nullable ServingException admit(Inference inference) {
        return guard.locked(() -> {
            if (stuck != null) {
                return stuck;
            }
            if (occupancy.retiring()) {
                return new ServingException(ErrorCode.NOT_READY, "model \"" + name() + "\" is being unloaded");
            }
            int limit = config.admission().queue();
            if (turns.full(limit)) {
                statistics.refused();
                return new ServingException(
                        ErrorCode.OVERLOADED, "model \"" + name() + "\": " + limit + " requests wait already");
            }
            occupancy.enter();
            turns.add(inference);
            return null;
        });
    }

    /** A request whose time has passed is answered before its run is stopped, which would fail it in other words. */
    private void expire(Inference inference, Duration limit) {
        if (inference.failLate(limit)) {
            var unused = abandon(inference);
        }
    }

    private void drop(Inference inference) {
        if (!inference.over() && abandon(inference)) {
            inference.fail(new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began"));
        }
    }

    /**
     * Nobody waits for this request any more: it leaves the queue, which is answered with true, or its run is stopped
     * if nobody waits for the rest of it either.
     */
    private boolean abandon(Inference inference) {
        inference.abandon();
        statistics.cancelled();
        boolean waited = guard.locked(() -> occupancy.left(queue.remove(inference)));
        var batch = inference.batch();
        if (!waited && batch != null && batch.abandoned()) {
            stop(batch);
        }
        return waited;
    }

    /** As {@link ModelRunner#stopRuns}. */
    void stopRuns() {
        guard.locked(turns::members).stream()
                .map(Inference::batch)
                .filter(Objects::nonNull)
                .forEach(batch -> batch.run().stop());
    }

    private void stop(Batch batch) {
        batch.run().stop();
        vertx.setTimer(config.limits().stop().toMillis(), late -> guard.run(() -> turns.giveUp(batch)));
    }

    /** Called with the lock held. Who waits when no worker is left for them is told at once. */
    private void lossChanged() {
        var before = stuck;
        stuck = occupancy.lost() < config.limits().lostWorkers() ? null : occupancy.fault(name());
        if (stuck != null) {
            for (var next = queue.next(); next != null; next = queue.next()) {
                occupancy.leave(next.members().size());
                next.members().forEach(member -> member.fail(occupancy.fault(name())));
            }
        }
        if ((stuck == null) != (before == null)) {
            onChange.run();
        }
    }

    private String name() {
        return model.metadata().name();
    }
}
