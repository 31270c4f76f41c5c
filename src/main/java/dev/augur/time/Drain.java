package dev.augur.time;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Waits until nothing is left of something that ends by itself, with a limit. Confined to one event loop. */
public final class Drain {
    private static final long LOOK_MILLIS = 10;

    private final Vertx vertx;
    private final String what;
    private final LongSupplier left;
    private final long endNanos;
    private final Promise<Void> drained = Promise.promise(); // a timer completes it

    private Drain(Vertx vertx, String what, LongSupplier left, long endNanos) {
        this.vertx = vertx;
        this.what = what;
        this.left = left;
        this.endNanos = endNanos;
    }

    /**
     * Done when nothing is left. Fails with a {@link TimeoutException} that says how much is, when the time is up.
     *
     * @param what follows the number in that message, such as {@code requests were not answered}
     * @param left asked on the event loop, until it is 0
     */
    public static Future<Void> of(Context loop, Duration limit, String what, LongSupplier left) {
        var drain = new Drain(loop.owner(), what, left, System.nanoTime() + limit.toNanos());
        loop.runOnContext(now -> drain.look());
        return drain.drained.future();
    }

    private void look() {
        long count = left.getAsLong();
        if (count == 0) {
            drained.complete();
        } else if (System.nanoTime() - endNanos > 0) {
            drained.fail(new TimeoutException(count + " " + what + " in time"));
        } else {
            vertx.setTimer(LOOK_MILLIS, later -> look());
        }
    }
}
