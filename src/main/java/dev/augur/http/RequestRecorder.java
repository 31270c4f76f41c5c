package dev.augur.http;

import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.Headers;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands in front of what may refuse a request for a prediction, and has the record made when the answer has been sent
 * or the client has left. Confined to one event loop.
 */
final class RequestRecorder {
    private static final Pattern INFERENCE = Pattern.compile("/v2/models/([^/]+)(/versions/[^/]+)?/infer/?");
    private static final Pattern PIPELINE = Pattern.compile("/predict/([^/]+)/?");

    private final Recorder recorder;
    private final Pipelines pipelines;

    RequestRecorder(Recorder recorder, Pipelines pipelines) {
        this.recorder = recorder;
        this.pipelines = pipelines;
    }

    /** For {@code /v2/…/infer}. */
    void inference(RoutingContext ctx) {
        begin(ctx, recorder.inference(ctx.request().path(), ctx.pathParam("model")));
    }

    /** For {@code /predict/{pipeline}}, where each item has a record of its own once there are any. */
    void pipeline(RoutingContext ctx) {
        begin(ctx, pipelines.record(ctx.pathParam("pipeline"), ctx.request().path(), recorder));
    }

    /** For a target that cannot be decoded, so that no route will match it. */
    void undecodable(RoutingContext ctx) {
        String path = ctx.request().path();
        var inference = INFERENCE.matcher(path);
        var pipeline = PIPELINE.matcher(path);
        if (!ctx.request().method().equals(HttpMethod.POST)) {
            return;
        }
        if (inference.matches()) {
            attach(ctx, recorder.inference(path, inference.group(1)));
        } else if (pipeline.matches()) {
            attach(ctx, pipelines.record(pipeline.group(1), path, recorder));
        }
    }

    /** For a {@link Route} that is recorded under a model's name. */
    Handler<RoutingContext> own(String model) {
        return ctx -> begin(ctx, recorder.begin(ctx.request().path(), model, Delivery.AFTER_ANSWER));
    }

    private void begin(RoutingContext ctx, @Nullable InferenceTrace trace) {
        attach(ctx, trace);
        ctx.next();
    }

    private void attach(RoutingContext ctx, @Nullable InferenceTrace trace) {
        if (trace != null) {
            var exchange = Exchange.of(ctx);
            trace.origin(Headers.origin(ctx.request().headers()).by(exchange.principal()));
            exchange.trace(trace);
            exchange.gone().onComplete(gone -> recorder.after(trace, gone));
        }
    }
}
