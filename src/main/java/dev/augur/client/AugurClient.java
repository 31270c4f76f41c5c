package dev.augur.client;

import dev.augur.client.Carrier.Ask;
import dev.augur.client.Carrier.Kind;
import dev.augur.client.Carrier.Reply;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.protocol.InferenceBody;
import dev.augur.protocol.InferenceRequestWriter;
import dev.augur.protocol.InferenceResponseReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks models and pipelines, over the event bus or over HTTP. Every call fails with {@link AugurException} and nothing
 * else. Results come on the caller's context where it has one. Thread-safe.
 */
public final class AugurClient {
    private static final int BAD_ANSWER = 502;

    private final Vertx vertx;
    private final Carrier carrier;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet(); // those that have not ended

    private AugurClient(Vertx vertx, Carrier carrier) {
        this.vertx = vertx;
        this.carrier = carrier;
    }

    /** One that asks over the event bus of this Vert.x: a node in the same process, or those of its cluster. */
    public static AugurClient overEventBus(Vertx vertx) {
        return new AugurClient(vertx, new BusCarrier(vertx));
    }

    /** One that asks a node over HTTP, by 64 connections at most. */
    public static AugurClient overHttp(Vertx vertx, Endpoint endpoint) {
        return new AugurClient(vertx, new HttpCarrier(vertx, endpoint));
    }

    /**
     * Asks a pipeline.
     *
     * @param request the body of {@code POST /predict/{pipeline}}, such as {@code {"item_id": 43}}
     */
    public Future<JsonObject> predict(String pipeline, JsonObject request, CallOptions options) {
        var ask = new Ask(Kind.PIPELINE, pipeline, /* version= */ null, request.toBuffer(), /* jsonLength= */ null);
        return carrier.ask(ask, options).compose(AugurClient::object);
    }

    /** Asks a pipeline, and waits 30 seconds. */
    public Future<JsonObject> predict(String pipeline, JsonObject request) {
        return predict(pipeline, request, CallOptions.DEFAULT);
    }

    /** Asks a model. Tensors travel as bytes both ways. */
    public Future<InferenceResponse> infer(InferenceRequest request, CallOptions options) {
        InferenceBody body = InferenceRequestWriter.write(request);
        var ask = new Ask(
                Kind.MODEL,
                request.model(),
                request.version(),
                Buffer.buffer(body.toByteArray()),
                body.json().limit());
        return carrier.ask(ask, options).compose(AugurClient::response);
    }

    /** Asks a model, and waits 30 seconds. */
    public Future<InferenceResponse> infer(InferenceRequest request) {
        return infer(request, CallOptions.DEFAULT);
    }

    /**
     * Hands over every record that a writer of the prediction log has stored behind a position, then each one that
     * comes, without a gap and none twice. Holes in {@code seq} are where retention or a repair has taken lines away.
     * Over HTTP that is {@code GET /predictions/after}, for which a key needs the scope {@code read}.
     *
     * @param handler called for one record at a time; done when that is dealt with. If it fails, the subscription ends
     */
    public Subscription subscribe(LogPosition from, Function<JsonObject, Future<?>> handler) {
        var subscription = Subscription.begin(vertx, carrier::after, from, handler);
        subscriptions.add(subscription);
        subscription.ended().onComplete(over -> subscriptions.remove(subscription));
        return subscription;
    }

    /** Ends its subscriptions, and its connections; over the event bus it has none. */
    public Future<Void> close() {
        subscriptions.forEach(Subscription::close);
        return carrier.close();
    }

    /** The body, if it is an object. */
    static Future<JsonObject> object(Reply reply) {
        try {
            return Future.succeededFuture(new JsonObject(reply.body()));
        } catch (DecodeException e) {
            return noAnswer("it is no JSON object", e);
        }
    }

    private static Future<InferenceResponse> response(Reply reply) {
        try {
            return Future.succeededFuture(
                    InferenceResponseReader.read(reply.body().getBytes(), jsonLength(reply)));
        } catch (ServingException | NumberFormatException e) {
            return noAnswer(String.valueOf(e.getMessage()), e);
        }
    }

    private static int jsonLength(Reply reply) {
        @Nullable String told = reply.jsonLength();
        return told == null ? reply.body().length() : Integer.parseInt(told.trim());
    }

    private static <T> Future<T> noAnswer(String why, Throwable cause) {
        var failure = new AugurException(BAD_ANSWER, "the answer cannot be read: " + why);
        failure.addSuppressed(cause);
        return Future.failedFuture(failure);
    }
}
