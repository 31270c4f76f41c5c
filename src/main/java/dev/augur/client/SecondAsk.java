package dev.augur.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;

/** A question that is asked a second time where the first brings no answer: the first answer counts. Thread-safe. */
final class SecondAsk<T> {
    private final Vertx vertx;
    private final Duration pause;
    private final Function<Duration, Future<T>> asking;

    /**
     * One.
     *
     * @param pause how long the first may take
     * @param asking asks with what is left of the time
     */
    SecondAsk(Vertx vertx, Duration pause, Function<Duration, Future<T>> asking) {
        this.vertx = vertx;
        this.pause = pause;
        this.asking = asking;
    }

    /**
     * The answer. Where both fail it is the second's failure.
     *
     * @param time of both together, more than the pause
     */
    Future<T> after(Future<T> first, Duration time) {
        long begun = System.nanoTime();
        Promise<T> answer = Promise.promise(); // two sources, of which one is no step of a chain
        long timer = vertx.setTimer(pause.toMillis(), late -> ask(first, time.minus(pause), answer));
        first.onSuccess(found -> {
            vertx.cancelTimer(timer);
            answer.tryComplete(found);
        });
        first.onFailure(failure -> {
            if (vertx.cancelTimer(timer)) { // else the second decides
                var left = time.minusNanos(System.nanoTime() - begun);
                boolean elsewhere = ((AugurException) failure).status() == AugurException.UNAVAILABLE;
                if (elsewhere && left.toMillis() > 0) {
                    ask(first, left, answer);
                } else {
                    answer.tryFail(failure);
                }
            }
        });
        return answer.future();
    }

    private void ask(Future<T> first, Duration left, Promise<T> answer) {
        asking.apply(left)
                .onSuccess(answer::tryComplete)
                .onFailure(failure -> first.onFailure(both -> answer.tryFail(failure)));
    }
}
