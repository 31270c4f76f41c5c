package dev.augur.load;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Keeps a number of asynchronous operations in flight from one event loop, so that what is measured does not include
 * the way of the measuring thread to that loop. Confined to one event loop, but for {@link #drive}.
 */
public final class InFlight {
    private final Supplier<Future<?>> operation;
    private final Promise<Void> done = Promise.promise();
    private int left;
    private int running;

    private InFlight(Supplier<Future<?>> operation, int operations) {
        this.operation = operation;
        this.left = operations;
    }

    /**
     * Runs an operation that many times, each on the event loop when an earlier one has ended. Blocks until the last
     * has ended, and fails with the first that fails.
     */
    public static void drive(Context loop, int operations, int inFlight, Supplier<Future<?>> operation)
            throws InterruptedException, ExecutionException {
        var driver = new InFlight(operation, operations);
        loop.runOnContext(v -> {
            for (int i = 0; i < inFlight; i++) {
                driver.next();
            }
        });
        driver.done.future().toCompletionStage().toCompletableFuture().get();
    }

    private void next() {
        if (left > 0) {
            left--;
            running++;
            operation.get().onSuccess(ended -> ended()).onFailure(done::tryFail);
        } else if (running == 0) {
            done.tryComplete();
        }
    }

    private void ended() {
        running--;
        next();
    }
}
