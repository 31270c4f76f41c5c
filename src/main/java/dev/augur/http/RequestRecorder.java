package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.Shown;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.Headers;
import dev.augur.request.HttpStatus;
import dev.augur.timeline.Timeline;
import dev.augur.timeline.Timelines;
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

    private static final int SHOWN_CHARS = 500;

    private final Recorder recorder;
    private final Pipelines pipelines;
    private final Timelines timelines;

    RequestRecorder(Recorder recorder, Pipelines pipelines, Timelines timelines) {
        this.timelines = timelines;
        this.recorder = recorder;
        this.pipelines = pipelines;
    }

    /** For {@code /v2/…/infer}. */
    void inference(RoutingContext ctx) {
        String model = ctx.pathParam("model");
        time(ctx, model);
        begin(ctx, recorder.inference(ctx.request().path(), model));
    }

    /** For {@code /predict/{pipeline}}, where each item has a record of its own once there are any. */
    void pipeline(RoutingContext ctx) {
        time(ctx, pipelines.model(ctx.pathParam("pipeline")));
        begin(ctx, pipelines.record(ctx.pathParam("pipeline"), ctx.request().path(), recorder));
    }

    /** For {@code /v2/…/infer} that another node was to record, and has not answered. */
    void inferenceAgain(RoutingContext ctx) {
        attach(ctx, recorder.inference(ctx.request().path(), ctx.pathParam("model")));
    }

    /** For {@code /predict/{pipeline}} that another node was to record, and has not answered. */
    void pipelineAgain(RoutingContext ctx) {
        attach(ctx, pipelines.record(ctx.pathParam("pipeline"), ctx.request().path(), recorder));
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

    /** For a {@link Route} whose requests are predictions. */
    Handler<RoutingContext> timed(@Nullable String model) {
        return ctx -> {
            time(ctx, model);
            ctx.next();
        };
    }

    private void time(RoutingContext ctx, @Nullable String model) {
        var exchange = Exchange.of(ctx);
        var timeline = timelines.begin();
        exchange.timeline(timeline);
        if (timeline.watched()) {
            var request = ctx.request();
            timeline.of(
                    new Timeline.Subject(Shown.beginning(request.path(), SHOWN_CHARS), exchange.requestId(), model),
                    exchange.nanos());
            exchange.gone()
                    .onComplete(gone ->
                            timeline.over(gone.succeeded() ? gone.result() : HttpStatus.of(ErrorCode.CANCELLED)));
        }
    }

    private void begin(RoutingContext ctx, @Nullable InferenceTrace trace) {
        attach(ctx, trace);
        ctx.next();
    }

    private void attach(RoutingContext ctx, @Nullable InferenceTrace trace) {
        if (trace != null) {
            var exchange = Exchange.of(ctx);
            trace.origin(Headers.origin(ctx.request().headers(), exchange.requestId())
                    .by(exchange.principal()));
            exchange.trace(trace);
            if (exchange.timeline() != null) {
                trace.follow(exchange.timeline());
            }
            exchange.gone().onComplete(gone -> recorder.after(trace, gone));
        }
    }
}
