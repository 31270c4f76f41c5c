package dev.augur.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/**
 * A client that has sent all it will and waits for its answer, or has left: TCP says the same of both, until something
 * is sent. So who waits for longer than a moment is sent {@code 100 Continue} now and then, which clients pass over and
 * which fails where nobody is. Confined to one event loop.
 */
final class SentAll {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private long nextNanos;
    private boolean asked;

    SentAll(long sinceNanos) {
        nextNanos = sinceNanos + PATIENCE_NANOS;
    }

    /** Looks whether the client is there; one of HTTP/1.0, which knows no such answers, is taken to be. */
    void look(HttpServerRequest request, long nowNanos) {
        var response = request.response();
        if (nowNanos - nextNanos > 0 && request.version() == HttpVersion.HTTP_1_1 && !response.headWritten()) {
            // The first one has a client's system say that nobody is there, the second one fails.
            nextNanos = nowNanos + (asked ? PAUSE_NANOS : 0);
            asked = true;
            response.writeContinue();
        }
    }
}
