package dev.augur.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** How long a caller waits for an answer. Thread-safe. */
final class Wait {
    private Wait() {}

    /** The answer, or the end of the caller's time, or his departure: whatever comes first. */
    static <T> Future<T> first(Vertx vertx, CallOptions options, Future<T> answer) {
        Promise<T> first = Promise.promise(); // three sources, of which two are no steps of a chain
        long timer = vertx.setTimer(options.timeout().toMillis(), late -> first.tryFail(late(options.timeout())));
        var cancelled = options.cancelled();
        if (cancelled != null) {
            var context = vertx.getOrCreateContext();
            cancelled.onComplete(left -> context.runOnContext(now -> first.tryFail(left())));
        }
        answer.onSuccess(first::tryComplete).onFailure(first::tryFail);
        return first.future().onComplete(over -> vertx.cancelTimer(timer));
    }

    static AugurException late(Duration timeout) {
        return new AugurException(AugurException.TOO_LATE, "there was no answer within " + timeout.toMillis() + " ms");
    }

    static AugurException left() {
        return new AugurException(AugurException.CANCELLED, "the caller does not wait any more");
    }
}
