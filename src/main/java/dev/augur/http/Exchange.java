package dev.augur.http;

import dev.augur.serving.BodyMemory;
import dev.augur.serving.Caller;
import dev.augur.serving.InferenceTrace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** One request and its answer, from the first handler to the last byte. Confined to one event loop. */
final class Exchange {
    private static final String KEY = Exchange.class.getName();

    private final long startNanos = System.nanoTime();
    private final Promise<Void> over = Promise.promise(); // completed by vertx-web's end handler, which takes no future
    private String route = "unmatched";
    private @Nullable InferenceTrace trace;
    private Buffer body = Buffer.buffer();
    private BodyMemory.Share memory = new BodyMemory(0).new Share(); // none, until a body is read

    private Exchange() {}

    static Exchange begin(RoutingContext ctx) {
        var exchange = new Exchange();
        ctx.put(KEY, exchange);
        ctx.addEndHandler(ended -> {
            if (ended.succeeded()) {
                exchange.over.tryComplete();
            } else {
                exchange.over.tryFail(ended.cause());
            }
        });
        return exchange;
    }

    /** The exchange of a request that came as far as the router's first handler. */
    static Exchange of(RoutingContext ctx) {
        return ctx.get(KEY);
    }

    /** Sends the answer, unless the request was answered before, because its time had passed. */
    static void answer(RoutingContext ctx, Buffer json) {
        if (!ctx.response().ended()) {
            ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(json);
        }
    }

    /** Succeeds when the answer has been sent, fails when the client left before that. */
    Future<Void> over() {
        return over.future();
    }

    long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** The path of the route as written in the table, for meters. */
    String route() {
        return route;
    }

    void matched(String path) {
        route = path;
    }

    void takeFrom(BodyMemory all) {
        memory = all.new Share();
    }

    /** This request's share of the memory for bodies; given back when the exchange is over. */
    BodyMemory.Share memory() {
        return memory;
    }

    /** What is to be recorded of this request; {@code null} if nothing is. */
    @Nullable
    InferenceTrace trace() {
        return trace;
    }

    void trace(InferenceTrace begun) {
        trace = begun;
    }

    /** Who waits for the answer. */
    Caller caller() {
        return new Caller(over(), memory, trace);
    }

    /** The body, whole. */
    byte[] body() {
        return body.getBytes();
    }

    void keep(Buffer arrived) {
        body = arrived;
    }
}
