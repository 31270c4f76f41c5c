package dev.augur.feature.remote;

import dev.augur.error.ServingException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The client of a remote store, for as long as it answers: a call without an answer fails after some time, and when the
 * client answered nothing at all in that time, its connections are taken for dead and a fresh client takes its place.
 * Thread-safe.
 *
 * @param <C> the client
 */
public final class Lifeline<C> {
    private final Vertx vertx;
    private final Remote<C> remote;
    private final long patienceMillis;
    private final Outage outage;
    private final AtomicReference<@Nullable Generation<C>> current;

    /**
     * Opens the first client, which does not connect yet.
     *
     * @param patience longest time from a call to its answer
     */
    public Lifeline(Vertx vertx, Remote<C> remote, Duration patience) {
        this.vertx = vertx;
        this.remote = remote;
        this.patienceMillis = patience.toMillis();
        this.outage = new Outage(remote.store());
        this.current = new AtomicReference<>(new Generation<>(remote.open()));
    }

    /**
     * Lets the client work and completes on the caller's context. Fails with {@code FEATURES_UNAVAILABLE} when the
     * client fails or the time is over.
     */
    public <T> Future<T> call(Function<C, Future<T>> work) {
        Generation<C> client = current.get();
        if (client == null) {
            return Future.failedFuture(Unavailable.of(remote.store(), "it is closed"));
        }
        Context caller = vertx.getOrCreateContext();
        // A call may end on another thread, such as that of a timer; the caller goes on where it was.
        Promise<T> answer = Promise.promise();
        long asked = System.nanoTime();
        Future.<Void>succeededFuture()
                .compose(ignored -> work.apply(client.connections))
                .timeout(patienceMillis, TimeUnit.MILLISECONDS)
                .onComplete(result -> caller.runOnContext(ignored -> {
                    note(client, asked, result);
                    end(answer, result);
                }));
        return answer.future();
    }

    /** Closes the client; further calls fail. */
    public Future<Void> close() {
        Generation<C> last = current.getAndSet(null);
        return last == null ? Future.succeededFuture() : remote.close(last.connections);
    }

    private <T> void end(Promise<T> answer, AsyncResult<T> result) {
        if (result.succeeded()) {
            answer.complete(result.result());
        } else {
            answer.fail(explain(result.cause()));
        }
    }

    private ServingException explain(Throwable failure) {
        if (failure instanceof ServingException known) {
            return known;
        }
        return failure instanceof TimeoutException
                ? Unavailable.of(remote.store(), "no answer within " + patienceMillis + " ms")
                : remote.explain(failure);
    }

    private void note(Generation<C> client, long asked, AsyncResult<?> result) {
        if (result.succeeded()) {
            client.answered.set(System.nanoTime());
            outage.answered();
            return;
        }
        outage.failed(result.cause());
        boolean silent = result.cause() instanceof TimeoutException && client.answered.get() - asked < 0;
        if (silent || remote.outlived(result.cause())) {
            replace(client);
        }
    }

    private void replace(Generation<C> silent) {
        var fresh = new Generation<>(remote.open());
        boolean first = current.compareAndSet(silent, fresh);
        // The close of connections that never answered has nobody to report to.
        remote.close(first ? silent.connections : fresh.connections).onFailure(outage::failed);
    }

    /** One client and when it last answered, in nanoseconds. */
    private static final class Generation<C> {
        private final C connections;
        private final AtomicLong answered = new AtomicLong(System.nanoTime());

        Generation(C connections) {
            this.connections = connections;
        }
    }
}
