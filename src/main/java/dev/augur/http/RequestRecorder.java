package dev.augur.http;

import dev.augur.demo.Tutorial;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.Delivery;
import dev.augur.serving.InferenceTrace;
import dev.augur.serving.Recorder;
import dev.augur.serving.TraceParent;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of what may refuse a request for a prediction, and has the record made when the answer has been sent or the client has
 * left. Confined to one event loop.
 */
final class RequestRecorder {
    private final Recorder recorder;

    RequestRecorder(Recorder recorder) {
        this.recorder = recorder;
    }

    /** For {@code /v2/…/infer}. */
    void inference(RoutingContext ctx) {
        begin(ctx, recorder.inference(ctx.request().path(), ctx.pathParam("model")));
    }

    /** For {@code /predict/{pipeline}}, where each item has a record of its own once there are any. */
    Handler<RoutingContext> pipeline(Pipelines pipelines) {
        return ctx -> begin(ctx, recorder.pipeline(ctx.request().path(), ctx.pathParam("pipeline"), pipelines));
    }

    /** For the tutorial's background task, which makes the record itself once there is a request. */
    void background(RoutingContext ctx) {
        begin(ctx, recorder.begin(ctx.request().path(), Tutorial.MODEL, Delivery.AFTER_ANSWER));
    }

    private void begin(RoutingContext ctx, @Nullable InferenceTrace trace) {
        if (trace != null) {
            trace.traceId(TraceParent.traceId(ctx.request().headers()));
            var exchange = Exchange.of(ctx);
            exchange.trace(trace);
            exchange.over()
                    .onComplete(over -> recorder.after(
                            trace, over.succeeded() ? ctx.response().getStatusCode() : null));
        }
        ctx.next();
    }

    /** From here on somebody else records this request. */
    static void leave(RoutingContext ctx) {
        Exchange.of(ctx).caller().leaveRecord();
    }
}
