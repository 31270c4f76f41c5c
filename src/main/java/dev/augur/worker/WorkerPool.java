package dev.augur.worker;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A named pool of worker threads with a bounded queue in front: {@code workers} pieces of work run at once, {@code queue} more may
 * wait in the order they came, the rest is refused at once. Thread-safe.
 */
public final class WorkerPool {
    /*
     * Vert.x keeps a queue of its own in front of a worker executor, without a bound and without a way to take work out of it
     * again. So nothing is handed to the executor before a thread is free: the queue is here, where it can be bounded and where
     * the work of a caller that left can be removed. A worker that ends one piece of work starts the next itself; no event loop
     * is in between.
     *
     * One lock guards `taken`, `running`, `waiting`, and the state of every place; it is held for a few field accesses, and to
     * take one piece of work out of the middle of the queue.
     * `taken` counts places from admission to the end of the work, so it includes `running` and `waiting`, and what a request
     * does before its work (fetching features) is inside the bound too.
     */
    private final String name;
    private final int workers;
    private final int places;
    private final WorkerExecutor executor;
    private final Vertx vertx;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Work<?>> waiting = new ArrayDeque<>();
    private int taken;
    private int running;
    private long refused;
    private @Nullable Promise<Void> drained;

    /**
     * A pool of its own threads, named after it. Created in a verticle, it ends with that verticle.
     *
     * @param workers threads, at least 1
     * @param queue how much may wait, at least 0
     */
    public WorkerPool(Vertx vertx, String name, int workers, int queue) {
        this.vertx = vertx;
        this.name = name;
        this.workers = workers;
        this.places = Math.addExact(workers, queue);
        // Vert.x gives executors of one name the same threads.
        this.executor = vertx.createSharedWorkerExecutor(
                name + "-" + UUID.randomUUID().toString().substring(0, 4), workers);
    }

    /** Runs work that somebody waits for to the end. Fails as {@link #admit} does. */
    public <T> Future<T> run(Callable<T> work) {
        return run(Promise.promise().future(), work);
    }

    /** {@link #admit} for work that needs nothing before it runs. */
    public <T> Future<T> run(Future<?> exchange, Callable<T> work) {
        return admit(exchange, place -> place.run(work));
    }

    /**
     * Takes a place for one request and gives it back when the request's work has ended. Fails with {@code OVERLOADED} at once when
     * all places are taken, with {@code NOT_READY} when the pool is draining.
     *
     * @param exchange completes, either way, when nobody waits for the result any more: work that has not begun by then never
     *     does, and its place is free at once; the result is then {@code CANCELLED}
     * @param request what to do with the place
     */
    public <T> Future<T> admit(Future<?> exchange, Function<Place, Future<T>> request) {
        var place = new Place();
        var refusal = take();
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        exchange.onComplete(over -> place.abandon());
        return Future.<Void>succeededFuture()
                .compose(admitted -> request.apply(place)) // a function that throws still gives its place back
                .onComplete(result -> place.abandon());
    }

    /** Admits nothing any more; done when the last place is free. The future completes on the caller's context. */
    public Future<Void> drain() {
        var context = vertx.getOrCreateContext();
        Promise<Void> done = Promise.promise();
        lock.lock();
        try {
            if (drained == null) {
                drained = Promise.promise();
            }
            drained.future().onComplete(empty -> context.runOnContext(v -> done.complete()));
            if (taken == 0) {
                drained.tryComplete();
            }
        } finally {
            lock.unlock();
        }
        return done.future();
    }

    /** Ends the threads; nothing may run or wait. */
    public void close() {
        executor.close();
    }

    public String name() {
        return name;
    }

    public int workers() {
        return workers;
    }

    /** How much runs at this moment. */
    public int running() {
        return locked(() -> running);
    }

    /** How much waits for a worker at this moment. */
    public int waiting() {
        return locked(waiting::size);
    }

    /** Places taken at this moment: fetching, waiting and running. */
    public int taken() {
        return locked(() -> taken);
    }

    /** Requests refused since the start because every place was taken. */
    public long refused() {
        return locked(() -> refused);
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ServingException take() {
        return locked(() -> {
            if (drained != null) {
                return new ServingException(ErrorCode.NOT_READY, "shutting down");
            }
            if (taken == places) {
                refused++;
                return new ServingException(
                        ErrorCode.OVERLOADED, "too many requests in flight: " + name + " holds at most " + places);
            }
            taken++;
            return null;
        });
    }

    /** Called with the lock held. */
    private void free() {
        taken--;
        if (taken == 0 && drained != null) {
            drained.tryComplete();
        }
    }

    /** The callable runs under the Vert.x context of whoever starts it; its result is delivered on that of its caller. */
    private void start(Work<?> work) {
        executor.executeBlocking(() -> runToEnd(work), /* ordered= */ false).onFailure(failure -> {
            if (!work.begun) { // the executor is closed
                end(work);
            }
            work.fail(failure);
        });
    }

    private boolean runToEnd(Work<?> work) {
        work.begun = true;
        try {
            work.execute();
        } finally {
            end(work);
        }
        return true;
    }

    /** Gives the worker to the next in the queue. */
    private void end(Work<?> work) {
        var next = locked(() -> {
            work.place.state = State.DONE;
            running--;
            free();
            var candidate = waiting.poll();
            if (candidate != null) {
                candidate.place.state = State.RUNNING;
                running++;
            }
            return candidate;
        });
        work.deliver();
        if (next != null) {
            start(next);
        }
    }

    private enum State {
        ADMITTED,
        WAITING,
        RUNNING,
        DONE
    }

    /** One request's right to one worker. Used on one event loop; its instants are written by the worker. */
    public final class Place {
        private State state = State.ADMITTED;
        private @Nullable Work<?> work;
        private volatile @Nullable Instant startedAt;
        private volatile @Nullable Instant endedAt;

        private Place() {}

        /**
         * Runs the work on a worker, once one is free. May be called once. The future completes on the caller's context, with
         * {@code CANCELLED} if nobody waits for it any more before it began.
         */
        public <T> Future<T> run(Callable<T> callable) {
            var mine = new Work<T>(this, callable, vertx.getOrCreateContext());
            boolean now = locked(() -> {
                if (state != State.ADMITTED) {
                    mine.fail(cancelled());
                    return false;
                }
                work = mine;
                if (running == workers) {
                    state = State.WAITING;
                    waiting.add(mine);
                    return false;
                }
                state = State.RUNNING;
                running++;
                return true;
            });
            if (now) {
                start(mine);
            }
            return mine.result.future();
        }

        /** When the worker began; {@code null} before that. */
        public @Nullable Instant startedAt() {
            return startedAt;
        }

        /** When the worker ended; {@code null} before that. */
        public @Nullable Instant endedAt() {
            return endedAt;
        }

        /** Gives the place back, unless a worker is on it: then it is free when the worker is. */
        private void abandon() {
            var removed = locked(() -> {
                var before = state;
                if (before == State.ADMITTED || before == State.WAITING) {
                    state = State.DONE;
                    free();
                }
                return before == State.WAITING && work != null && waiting.remove(work) ? work : null;
            });
            if (removed != null) {
                removed.fail(cancelled());
            }
        }

        private static ServingException cancelled() {
            return new ServingException(ErrorCode.CANCELLED, "the client left before the prediction began");
        }
    }

    /** One piece of work and where its result goes. The promise is here because the result comes from a foreign thread. */
    private static final class Work<T> {
        private final Place place;
        private final Callable<T> callable;
        private final Context context;
        private final Promise<T> result = Promise.promise();
        private @Nullable Future<T> outcome;
        private volatile boolean begun;

        private Work(Place place, Callable<T> callable, Context context) {
            this.place = place;
            this.callable = callable;
            this.context = context;
        }

        private void execute() {
            place.startedAt = Instant.now();
            try {
                outcome = Future.succeededFuture(callable.call());
            } catch (Exception failure) {
                outcome = Future.failedFuture(failure);
            } finally {
                place.endedAt = Instant.now();
            }
        }

        /** Hands the result over; without one, an error ended the work and reaches {@link #fail} through the executor. */
        private void deliver() {
            var ended = outcome;
            if (ended != null) {
                context.runOnContext(v -> ended.onComplete(result));
            }
        }

        private void fail(Throwable failure) {
            context.runOnContext(v -> result.tryFail(failure));
        }
    }
}
