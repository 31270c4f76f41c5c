package dev.augur.worker;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A named pool of worker threads with a bounded queue in front: {@code workers} pieces of work run at once,
 * {@code queue} more may wait in the order they came, the rest is refused at once. Thread-safe.
 */
public final class WorkerPool {
    /*
     * Vert.x keeps a queue of its own in front of a worker executor, without a bound and without a way to take work out
     * of it again. So nothing is handed to the executor before a thread is free: the queue is here, where it can be
     * bounded and where the work of a caller that left can be removed. A worker that ends one piece of work starts the
     * next itself; no event loop is in between.
     *
     * One lock guards `taken`, `running`, `waiting`, and the state of every place; it is held for a few field accesses,
     * and to take one piece of work out of the middle of the queue. `taken` counts places from admission to the end of
     * the work, so it includes `running` and `waiting`, and what a request does before its work (fetching features) is
     * inside the bound too.
     */
    private final String name;
    private final int workers;
    private final int places;
    private final Vertx vertx;
    private final Context home; // whose verticle the threads belong to
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Work<?>> waiting = new ArrayDeque<>();
    private final PoolThreads threads;
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
        this.home = vertx.getOrCreateContext();
        this.threads = new PoolThreads(vertx, name, workers);
    }

    /** Work that yields nothing. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    /** Runs work that somebody waits for to the end. Fails as {@link #admit} does. */
    public <T> Future<T> run(Callable<T> work) {
        return run(Promise.promise().future(), work);
    }

    /** The same for work that yields nothing. */
    public Future<Void> perform(Step work) {
        return run(() -> {
                    work.run();
                    return true;
                })
                .mapEmpty();
    }

    /** {@link #admit} for work that needs nothing before it runs. */
    public <T> Future<T> run(Future<?> gone, Callable<T> work) {
        return admit(gone, place -> place.run(work));
    }

    /**
     * Takes a place for one request and gives it back when the request's work has ended. Fails with {@code OVERLOADED}
     * at once when all places are taken, with {@code NOT_READY} when the pool is draining.
     *
     * @param gone completes, either way, when nobody waits for the result any more: work that has not begun by then
     *     never does, and its place is free at once; the result is then {@code CANCELLED}
     * @param request what to do with the place
     */
    public <T> Future<T> admit(Future<?> gone, Function<Place, Future<T>> request) {
        var place = new Place();
        var refusal = take();
        if (refusal != null) {
            return Future.failedFuture(refusal);
        }
        gone.onComplete(over -> place.abandon());
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

    /** Ends the threads; nothing may run or wait but what was given up. */
    public void close() {
        threads.close();
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

    /**
     * The callable runs under the Vert.x context of whoever starts it; its result is delivered on that of its caller.
     */
    private void start(Work<?> work) {
        var used = threads.take();
        used.executor
                .executeBlocking(() -> runToEnd(work), /* ordered= */ false)
                .onFailure(failure -> {
                    if (!work.begun()) { // the executor is closed
                        end(work);
                    }
                    work.fail(failure);
                })
                .onComplete(over -> threads.giveBack(used));
    }

    private boolean runToEnd(Work<?> work) {
        work.begin();
        try {
            work.execute();
        } finally {
            end(work);
        }
        return true;
    }

    /** Gives the worker to the next in the queue. */
    private void end(Work<?> work) {
        var next = locked(work.place()::leave);
        work.deliver();
        if (next != null) {
            start(next);
        }
    }

    /** The worker's next work. Called with the lock held. */
    private @Nullable Work<?> handOver() {
        running--;
        free();
        var next = waiting.poll();
        if (next != null) {
            next.place().state = State.RUNNING;
            running++;
        }
        return next;
    }

    private enum State {
        ADMITTED,
        WAITING,
        RUNNING,
        DONE
    }

    /** One request's right to one worker. Used on one event loop. */
    public final class Place {
        private State state = State.ADMITTED;
        private @Nullable Work<?> work;

        private Place() {}

        /**
         * Runs the work on a worker, once one is free. May be called once. The future completes on the caller's
         * context, with {@code CANCELLED} if nobody waits for it any more before it began.
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
            return mine.result();
        }

        /**
         * Gives up a worker that does not come back from this place's work: another thread takes its part, and the
         * place is free. Nothing happens if the work is not running.
         */
        public void giveUp() {
            home.runOnContext(v -> {
                if (locked(() -> state == State.RUNNING)) {
                    threads.replace();
                    var next = locked(this::leave);
                    if (next != null) {
                        start(next);
                    }
                }
            });
        }

        /** What the worker's part is next; nothing if it has left already. Called with the lock held. */
        private @Nullable Work<?> leave() {
            boolean runs = state == State.RUNNING;
            state = State.DONE;
            return runs ? handOver() : null;
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
}
