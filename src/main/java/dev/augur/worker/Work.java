package dev.augur.worker;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work of a {@link WorkerPool} and where its result goes. The promise is here because the result comes
 * from a foreign thread. Run on one worker; its result is delivered on its caller's context.
 */
final class Work<T> {
    private final WorkerPool.Place place;
    private final Callable<T> callable;
    private final Context context;
    private final Promise<T> result = Promise.promise();
    private @Nullable Future<T> outcome;
    private volatile boolean begun;

    Work(WorkerPool.Place place, Callable<T> callable, Context context) {
        this.place = place;
        this.callable = callable;
        this.context = context;
    }

    WorkerPool.Place place() {
        return place;
    }

    Future<T> result() {
        return result.future();
    }

    /** Whether a thread has taken it. */
    boolean begun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    void execute() {
        try {
            outcome = Future.succeededFuture(callable.call());
        } catch (Exception failure) {
            outcome = Future.failedFuture(failure);
        }
    }

    /** Hands the result over; without one, an error ended the work and reaches {@link #fail} through the executor. */
    void deliver() {
        var ended = outcome;
        if (ended != null) {
            context.runOnContext(v -> ended.onComplete(result));
        }
    }

    void fail(Throwable failure) {
        context.runOnContext(v -> result.tryFail(failure));
    }
}
