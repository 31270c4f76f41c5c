package dev.augur.predictionlog;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One who waits until a record is acknowledged, on an event loop of its own and for so long. A promise, because the
 * acknowledgement may come from another event loop. Thread-safe.
 */
final class Waiter {
    private final Context context;
    private final Object place; // one for all that wait on one event loop
    private final Promise<Void> acknowledged = Promise.promise();
    private final long endNanos;

    /** Waits on the caller's event loop. */
    Waiter(Vertx vertx, Duration patience) {
        this.context = vertx.getOrCreateContext();
        this.place = Context.isOnEventLoopThread() ? Thread.currentThread() : context;
        this.endNanos = System.nanoTime() + Math.max(1, patience.toNanos());
    }

    /**
     * Completes on the waiter's event loop. Fails with {@code NOT_READY}, whatever the cause, which is not the caller's
     * affair.
     */
    Future<Void> acknowledged() {
        return acknowledged.future();
    }

    /** It is over; {@code null} when the record is stored. */
    void end(@Nullable Throwable failure) {
        context.runOnContext(turn -> tell(failure));
    }

    /** Whether it is over, or its time has passed: then that is told. */
    boolean leaves(long nowNanos) {
        if (acknowledged.future().isComplete()) {
            return true;
        }
        boolean late = nowNanos - endNanos >= 0;
        if (late) {
            end(new ServingException(ErrorCode.DEADLINE_EXCEEDED, "it was not acknowledged in time"));
        }
        return late;
    }

    private void tell(@Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.tryComplete();
        } else {
            acknowledged.tryFail(
                    new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now"));
        }
    }

    /**
     * Tells those who wait for one group of records: all of one event loop in one of its turns, for a turn of each
     * would cost more than the record does. Confined to one thread, and then to each of those event loops.
     */
    static final class Turns {
        private final IdentityHashMap<Object, List<Settled>> places = new IdentityHashMap<>();

        private record Settled(Waiter waiter, @Nullable Throwable failure) {}

        void add(Waiter waiter, @Nullable Throwable failure) {
            places.computeIfAbsent(waiter.place, place -> new ArrayList<>()).add(new Settled(waiter, failure));
        }

        void begin() {
            for (List<Settled> together : places.values()) {
                together.get(0).waiter().context.runOnContext(turn -> together.forEach(Turns::tell));
            }
        }

        /** One that throws is its own affair. */
        private static void tell(Settled settled) {
            try {
                settled.waiter().tell(settled.failure());
            } catch (RuntimeException thrown) {
                settled.waiter().context.runOnContext(turn -> {
                    throw thrown;
                });
            }
        }
    }
}
