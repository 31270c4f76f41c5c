package dev.augur.http;

import dev.augur.demo.Tutorial;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelineConfig;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.RecordBuilder;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records every request for a prediction, whatever becomes of it: stands in front of what may refuse it, and makes the record when the
 * answer has been sent or the client has left; for some models before that, and then the answer waits. Confined to one event loop.
 */
final class RequestRecorder {
    private static final int PATH_CHARS = 500;
    private static final Future<Void> NEVER = Promise.<Void>promise().future();

    private final Recording recording;
    private final JsonWork work;

    RequestRecorder(Recording recording, JsonWork work) {
        this.recording = recording;
        this.work = work;
    }

    /** For {@code /v2/…/infer}. */
    void inference(RoutingContext ctx) {
        String model = ctx.pathParam("model");
        begin(ctx, model, recording.models().of(model).delivery());
    }

    /** For {@code /predict/{pipeline}}, which makes the records of the items itself once there are any. */
    Handler<RoutingContext> pipeline(Pipelines pipelines) {
        return ctx -> {
            String name = ctx.pathParam("pipeline");
            var config = pipelines.find(name).map(Pipeline::config);
            begin(
                    ctx,
                    config.map(PipelineConfig::model).orElse(name),
                    config.map(PipelineConfig::delivery).orElse(Delivery.AFTER_ANSWER));
        };
    }

    /** For the tutorial's background task, which makes the record itself once there is a request. */
    void background(RoutingContext ctx) {
        begin(ctx, Tutorial.MODEL, Delivery.AFTER_ANSWER);
    }

    private void begin(RoutingContext ctx, String model, Delivery delivery) {
        if (delivery != Delivery.OFF) {
            String path = ctx.request().path();
            String shown = path.length() <= PATH_CHARS ? path : path.substring(0, PATH_CHARS);
            var trace = new InferenceTrace(new RecordBuilder(shown, recording.node(), model));
            var exchange = Exchange.of(ctx);
            exchange.trace(trace);
            exchange.over().onComplete(over -> after(ctx, trace, over.succeeded()));
        }
        ctx.next();
    }

    /** From here on somebody else records this request. */
    static void leave(RoutingContext ctx) {
        var trace = Exchange.of(ctx).trace();
        if (trace != null) {
            trace.takeRecord();
        }
    }

    /** Done when the answer may leave. Fails with {@code NOT_READY} when its record is not acknowledged in time. */
    Future<Void> beforeAnswer(RoutingContext ctx) {
        var trace = Exchange.of(ctx).trace();
        if (trace == null
                || recording.models().of(ctx.pathParam("model")).delivery() != Delivery.BEFORE_ANSWER
                || !trace.takeRecord()) {
            return Future.succeededFuture();
        }
        return recording
                .log()
                .append(record(trace, ctx.response().getStatusCode(), /* respondedAt= */ null))
                .timeout(recording.patience().toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now")));
    }

    private void after(RoutingContext ctx, InferenceTrace trace, boolean answered) {
        if (trace.takeRecord()) {
            Integer status = answered ? Integer.valueOf(ctx.response().getStatusCode()) : null;
            recording.log().append(record(trace, status, answered ? Instant.now() : null));
        }
    }

    /** Large tensors are put into words, and digested, on a worker. */
    private Future<PredictionRecord> record(
            InferenceTrace trace, @Nullable Integer status, @Nullable Instant respondedAt) {
        return work.here(
                        trace.tensorBytes(), NEVER, () -> trace.record(recording.maxTensorBytes(), status, respondedAt))
                .recover(refused -> Future.succeededFuture(trace.bare(status, respondedAt)));
    }
}
