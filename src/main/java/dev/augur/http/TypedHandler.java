package dev.augur.http;

import dev.augur.demo.PredictAnswer;
import dev.augur.demo.PredictRequest;
import dev.augur.demo.Tutorial;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** One of the tutorial's routes: decodes, lets the tutorial answer, encodes. Confined to one event loop. */
final class TypedHandler implements Handler<RoutingContext> {
    /** One of the tutorial's four methods. */
    @FunctionalInterface
    interface Method {
        Future<PredictAnswer> predict(Tutorial tutorial, PredictRequest request, Future<Void> exchange);
    }

    private final Tutorial tutorial;
    private final Method method;

    TypedHandler(Tutorial tutorial, Method method) {
        this.tutorial = tutorial;
        this.method = method;
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = decode(ctx);
        RequestRecorder.leave(ctx);
        method.predict(tutorial, request, Exchange.of(ctx).over())
                .map(TypedHandler::encode)
                .onSuccess(body -> Exchange.answer(ctx, body))
                .onFailure(ctx::fail);
    }

    private static PredictRequest decode(RoutingContext ctx) {
        return PredictRequestReader.read(Exchange.of(ctx).body());
    }

    private static Buffer encode(PredictAnswer answer) {
        return new JsonObject()
                .put("item_id", answer.itemId())
                .put("metadata", answer.metadata())
                .put("prediction", answer.prediction())
                .toBuffer();
    }
}
