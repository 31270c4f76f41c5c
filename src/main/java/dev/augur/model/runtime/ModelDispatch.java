package dev.augur.model.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of a model and the turns of its workers. Batches form without waiting: while a worker is free, all that
 * arrives together on an event loop goes at once; while all are busy requests gather, and the next worker takes as many
 * as join, up to the largest batch. Thread-safe.
 */
final class ModelDispatch {
    /*
     * A request is put into the queue, and a turn asked for: work in the pool that takes a batch out of the queue when
     * it begins. There are no more turns than workers, so a pool that several models share serves them in turn.
     *
     * One lock guards `queue`, `gathering`, `running`, `turns`, `begun` and `occupancy`. Nobody is inside at the close.
     *
     * A run is stopped when nobody waits for it any more. One that has not come back some time after that is given up:
     * its turn is over and its worker replaced. When too many have been lost that way no request is taken any more,
     * until some come back.
     */
    private static final Logger LOG = LoggerFactory.getLogger(ModelDispatch.class);
    private final Vertx vertx;
    private final Model model;
    private final ModelConfig config;
    private final WorkerPool pool;
    private final ModelStatistics statistics;
    private final BatchExecution execution;
    private final ReentrantLock lock = new ReentrantLock();
    private final ModelQueue queue;
    private final Gathering gathering;
    private final Occupancy occupancy = new Occupancy();
    private final Set<Turn> running = new HashSet<>();
    private int turns; // asked for and not over
    private int begun; // of them
    private volatile @Nullable ServingException stuck; // while too many runs do not come back
    private volatile Runnable onChange = () -> {};
    /** A model and how it is served. */
    record ServedModel(
            Model model, ModelConfig config, WorkerPool pool, ModelStatistics statistics, Consumer<String> mistrust) {}

    ModelDispatch(Vertx vertx, ServedModel served, ModelQueue queue) {
        this.vertx = vertx;
        this.model = served.model();
        this.config = served.config();
        this.pool = served.pool();
        this.statistics = served.statistics();
        this.execution = new BatchExecution(model, statistics, served.mistrust());
        this.queue = queue;
        this.gathering = new Gathering(vertx, queue, config.batching().maxDelay(), new Turns());
    }

    /** Workers that run this model now. */
    int running() {
        return locked(running::size);
    }

    /** Requests that wait for a worker. */
    int waiting() {
        return locked(queue::size);
    }

    /** Joins no requests any more; whether it did until now. */
    boolean joinNone() {
        return locked(queue::joinNone);
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
        return locked(occupancy::retire);
    }

    /** Closes the model; nobody may be inside. Under runs that were given up it stays open, until they come back. */
    void close() {
        if (locked(occupancy::close)) {
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
        return locked(occupancy::lost);
    }

    private @Nullable ServingException admit(Inference inference) {
        return locked(() -> {
            if (stuck != null) {
                return stuck;
            }
            if (occupancy.retiring()) {
                return new ServingException(ErrorCode.NOT_READY, "model \"" + name() + "\" is being unloaded");
            }
            int limit = config.admission().queue();
            if (turns == pool.workers() && queue.size() - (turns - begun) >= limit) {
                statistics.refused();
                return new ServingException(
                        ErrorCode.OVERLOADED, "model \"" + name() + "\": " + limit + " requests wait already");
            }
            occupancy.enter();
            gathering.add(inference);
            return null;
        });
    }

    /** What {@link Gathering} asks for. */
    private final class Turns implements Gathering.Turns {
        @Override
        public boolean free() {
            return turns < pool.workers();
        }

        @Override
        public void begin() {
            turns++;
            var turn = new Turn();
            pool.admit(Promise.promise().future(), turn::run).onFailure(turn::failed);
        }

        @Override
        public void locked(Runnable action) {
            ModelDispatch.this.locked(() -> {
                action.run();
                return true;
            });
        }
    }

    /** One batch, taken when the turn begins. Called on a worker. */
    private final class Turn implements Callable<Boolean> {
        private @Nullable Batch batch;
        private WorkerPool.@Nullable Place place;
        private boolean over;

        Future<Boolean> run(WorkerPool.Place worker) {
            place = worker;
            return worker.run(this);
        }

        /** The requests that its run answers. Called with the lock held. */
        List<Inference> members() {
            return batch == null ? List.of() : batch.members();
        }

        @Override
        public Boolean call() {
            try {
                var taken = locked(this::begin);
                if (taken != null) {
                    execution.run(taken);
                }
            } finally {
                if (locked(this::end)) {
                    model.close();
                }
            }
            return true;
        }

        private @Nullable Batch begin() {
            begun++;
            var taken = queue.next();
            batch = taken;
            if (taken != null) {
                taken.members().forEach(member -> member.joined(taken));
                running.add(this);
            }
            return taken;
        }

        /** Called with the lock held. Whether the model is to be closed: this was the last lost run of one gone. */
        private boolean end() {
            if (over) {
                boolean close = occupancy.found();
                lossChanged();
                return close;
            }
            leave();
            if (batch != null) {
                occupancy.leave(batch.members().size());
            }
            gathering.offer();
            return false;
        }

        private void leave() {
            begun--;
            turns--;
            over = true;
            running.remove(this);
        }

        /** Called with the lock held, for a run that was stopped and has not come back. */
        private void giveUp(Batch stopped) {
            if (over || stopped.over() || batch == null || place == null) {
                return;
            }
            leave();
            occupancy.lose(batch.members().size());
            place.giveUp();
            lossChanged();
            var name = model.metadata().name() + " version " + model.metadata().version();
            LOG.error(
                    "model {}: a stopped run did not come back, {} in all; its worker was given up",
                    name,
                    occupancy.lost());
            batch.members().forEach(member -> member.fail(occupancy.fault(name())));
            gathering.offer();
        }

        /** The pool took no turn any more, or the run ended in an error of the JVM: who waits for this turn is told. */
        private void failed(Throwable failure) {
            var unanswered = locked(() -> {
                if (over) {
                    return batch;
                }
                turns--;
                var next = queue.next();
                occupancy.leave(next == null ? 0 : next.members().size());
                return next;
            });
            if (unanswered != null) {
                unanswered.members().forEach(member -> member.fail(failure));
            }
        }
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
        boolean waited = locked(() -> occupancy.left(queue.remove(inference)));
        var batch = inference.batch();
        if (!waited && batch != null && batch.abandoned()) {
            stop(batch, inference);
        }
        return waited;
    }

    /** As {@link ModelRunner#stopRuns}. */
    void stopRuns() {
        locked(() -> running.stream().flatMap(turn -> turn.members().stream()).toList()).stream()
                .map(Inference::batch)
                .filter(Objects::nonNull)
                .forEach(batch -> batch.run().stop());
    }

    private void stop(Batch batch, Inference inference) {
        batch.run().stop();
        vertx.setTimer(
                config.limits().stop().toMillis(),
                late -> locked(() -> {
                    running.stream()
                            .filter(turn -> turn.members().contains(inference))
                            .findFirst()
                            .ifPresent(turn -> turn.giveUp(batch));
                    return true;
                }));
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

    @CanIgnoreReturnValue
    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
