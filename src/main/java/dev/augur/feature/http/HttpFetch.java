package dev.augur.feature.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request and its answer, within a time and a size. Confined to one event loop. */
final class HttpFetch {
    private static final int CANCEL = 8;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Vertx vertx;
    private final HttpStoreConfig config;
    private final long end;

    HttpFetch(Vertx vertx, HttpStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.end = System.nanoTime() + config.limits().patience().toNanos();
    }

    /** Sends the request and reads the answer whole; the connection is given up when that takes too long. */
    Future<WholeResponse> run(HttpClientRequest request) {
        long left = Math.max(1, (end - System.nanoTime()) / NANOS_PER_MILLI);
        long timer = vertx.setTimer(left, late -> giveUp(request, new TimeoutException()));
        // Asked for before the request is sent, so that no part of the answer comes before its handlers are there.
        Future<WholeResponse> answer = request.response()
                .compose(response -> body(request, response).map(body -> new WholeResponse(response, body)));
        return request.end().compose(sent -> answer).onComplete(ended -> vertx.cancelTimer(timer));
    }

    private Future<Buffer> body(HttpClientRequest request, HttpClientResponse response) {
        // The parts of a body come by callbacks.
        Promise<Buffer> whole = Promise.promise();
        var body = Buffer.buffer();
        int maxBytes = config.responses().maxBytes();
        response.exceptionHandler(whole::tryFail);
        response.endHandler(ended -> whole.tryComplete(body));
        response.handler(part -> {
            if (body.length() + part.length() > maxBytes) {
                var tooLarge = AnswerBody.tooLarge(maxBytes);
                whole.tryFail(tooLarge);
                giveUp(request, tooLarge);
            } else {
                body.appendBuffer(part);
            }
        });
        return whole.future();
    }

    private static void giveUp(HttpClientRequest request, Throwable cause) {
        // Whoever waits is told by the request's or the response's own failure.
        request.reset(CANCEL, cause).onFailure(alreadyOver -> {});
    }

    /** What came. */
    record WholeResponse(HttpClientResponse response, Buffer body) {
        int status() {
            return response.statusCode();
        }

        @Nullable
        String header(String name) {
            return response.getHeader(name);
        }
    }
}
