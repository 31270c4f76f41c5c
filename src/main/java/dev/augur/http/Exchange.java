package dev.augur.http;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.request.BodyMemory;
import dev.augur.request.Caller;
import dev.augur.timeline.ServerTiming;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request and its answer, from the first handler to the last byte. Confined to one event loop. */
final class Exchange {
    /** The route of a request that no route takes. */
    static final String UNMATCHED = "unmatched";

    private static final String KEY = Exchange.class.getName();

    private final long startNanos = System.nanoTime();
    private final Promise<Integer> gone =
            Promise.promise(); // completed by vertx-web's end handler, which takes no future
    private String route = UNMATCHED;
    private String requestId = "";
    private @Nullable InferenceTrace trace;
    private @Nullable Timeline timeline;
    private String elsewhere = "";
    private @Nullable String principal;
    private @Nullable ErrorCode error;
    private @Nullable ArrivedBody body;
    private Runnable limit = () -> {};
    private long openedNanos;
    private final BodyMemory.Share memory;
    private final Outlet outlet;
    private final BodyMemory.Share answerMemory;

    private Exchange(BodyMemory bodies, Outlet outlet) {
        this.memory = bodies.new Share();
        this.outlet = outlet;
        this.answerMemory = outlet.share();
    }

    static Exchange begin(RoutingContext ctx, BodyMemory bodies, Outlet outlet) {
        var exchange = new Exchange(bodies, outlet);
        ctx.put(KEY, exchange);
        exchange.gone().onComplete(over -> exchange.answerMemory.close());
        ctx.addEndHandler(ended -> {
            // A stream of HTTP/2 is told to be closed before it is told to be ended.
            boolean sent = ctx.request().version() == HttpVersion.HTTP_2
                    && ctx.response().ended();
            if (ended.succeeded() || sent) {
                exchange.gone.tryComplete(ctx.response().getStatusCode());
            } else {
                exchange.gone.tryFail(ended.cause());
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
        if (!ctx.response().ended() && !ctx.response().closed()) {
            ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
            var exchange = of(ctx);
            exchange.answering(ctx);
            exchange.outlet.send(ctx, json);
        }
    }

    /** Ends a small answer, which to HEAD says how long it would be. */
    @CanIgnoreReturnValue
    static Future<Void> end(RoutingContext ctx, Buffer body) {
        if (ctx.request().method().equals(HttpMethod.HEAD)) {
            return ctx.response()
                    .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()))
                    .end(); // HTTP/2 would send the body
        }
        return ctx.response().end(body);
    }

    /** Sends an answer whose head is set, as {@link Outlet#send} does, unless the request was answered before. */
    static void send(RoutingContext ctx, List<ByteBuffer> parts) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            var exchange = of(ctx);
            exchange.answering(ctx);
            exchange.outlet.send(ctx, parts);
        }
    }

    /** The same for what another node has answered, which is not needed any more when this exchange is over. */
    static void send(RoutingContext ctx, ArrivedBody body) {
        if (!ctx.response().ended() && !ctx.response().closed()) {
            var exchange = of(ctx);
            exchange.answering(ctx);
            exchange.outlet.send(ctx, body);
        }
    }

    /** What this request's answer takes of the memory for answers; given back when it has been sent. */
    BodyMemory.Share answerMemory() {
        return answerMemory;
    }

    /** Succeeds with the status of the answer when that has been sent, fails when the client left before. */
    Future<Integer> gone() {
        return gone.future();
    }

    /** How long it took so far; of an answer without an end, to its beginning. */
    long nanos() {
        return openedNanos == 0 ? System.nanoTime() - startNanos : openedNanos;
    }

    /** Its time is limited, until that is run. */
    void limitedUntil(Runnable unlimited) {
        limit = unlimited;
    }

    /** Its answer has begun and goes on for as long as its client reads. */
    void goesOn() {
        limit.run();
        openedNanos = nanos();
    }

    /** What the request is called, by its client or by the server; it is answered, and stands in the record. */
    String requestId() {
        return requestId;
    }

    void requestId(String name) {
        requestId = name;
    }

    /** The path of the route as written in the table, for meters. */
    String route() {
        return route;
    }

    void matched(String path) {
        route = path;
    }

    /** This request's share of the memory for bodies; given back when the exchange is over. */
    BodyMemory.Share memory() {
        return memory;
    }

    /** Who asks; {@code null} where nobody has to say. */
    @Nullable
    String principal() {
        return principal;
    }

    void principal(String name) {
        principal = name;
    }

    /** The code of the error that it was answered with; {@code null} for none. */
    @Nullable
    ErrorCode error() {
        return error;
    }

    void failed(ErrorCode code) {
        error = code;
    }

    /** What is to be recorded of this request; {@code null} if nothing is. */
    @Nullable
    InferenceTrace trace() {
        return trace;
    }

    void trace(InferenceTrace begun) {
        trace = begun;
    }

    /** When the stages of a request for a prediction begin and end; {@code null} for any other request. */
    @Nullable
    Timeline timeline() {
        return timeline;
    }

    void timeline(Timeline begun) {
        timeline = begun;
    }

    /** What its stages took on the node that has predicted, as that has said it. */
    void timedElsewhere(String timing) {
        elsewhere = ServerTiming.ofNode(timing);
    }

    /** The answer is made, and goes out now. */
    void answering(RoutingContext ctx) {
        if (timeline != null) {
            ctx.response().putHeader(HeaderNames.SERVER_TIMING, elsewhere + ServerTiming.of(timeline, nanos()));
            if (timeline.watched()) {
                timeline.begin(Stage.ANSWER);
            }
        }
    }

    /** Who waits for the answer. */
    Caller caller() {
        return new Caller(gone(), memory, answerMemory, trace, timeline);
    }

    /** The body, whole. May be called once, on any thread: large ones are put together on a worker. */
    byte[] body() {
        return body == null ? new byte[0] : body.whole(memory);
    }

    /** The body in the blocks it came in, which go when the exchange is over. */
    List<ByteBuf> blocks() {
        return body == null ? List.of() : body.blocks();
    }

    /** Its length. */
    int bodyBytes() {
        return body == null ? 0 : body.bytes();
    }

    void keep(ArrivedBody arrived) {
        body = arrived;
    }
}
