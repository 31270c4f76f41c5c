package dev.augur.http;

import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelineJson;
import dev.augur.pipeline.PipelinePath;
import dev.augur.pipeline.Pipelines;
import dev.augur.request.Headers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Pipelines: what there are, and predictions from looked-up features. Confined to one event loop. */
final class PipelineHandlers {
    private static final String EXPLAIN = "explain";

    private final Pipelines pipelines;
    private final PipelinePath path;

    PipelineHandlers(Pipelines pipelines, PipelinePath path) {
        this.pipelines = pipelines;
        this.path = path;
    }

    /** {@code GET /pipelines}. */
    void list(RoutingContext ctx) {
        var all = new JsonArray();
        pipelines.all().forEach(pipeline -> all.add(PipelineJson.describe(pipeline)));
        Exchange.answer(ctx, new JsonObject().put("pipelines", all).toBuffer());
    }

    /** {@code GET /pipelines/{pipeline}}. */
    void describe(RoutingContext ctx) {
        Exchange.answer(ctx, PipelineJson.describe(pipeline(ctx)).toBuffer());
    }

    /** {@code POST /predict/{pipeline}}. */
    void predict(RoutingContext ctx) {
        var exchange = Exchange.of(ctx);
        var encoded = new PipelinePath.EncodedRequest(
                () -> pipeline(ctx),
                "/predict/" + ctx.pathParam("pipeline"),
                new PipelinePath.Body(exchange::body, exchange.bodyBytes()),
                () -> PipelinePath.Options.of(
                        ctx.queryParam(EXPLAIN),
                        Headers.time(ctx.request().headers(), HeaderNames.TIMEOUT)
                                .orElse(null)));
        path.answer(encoded, exchange.caller(), JsonObject::toBuffer)
                .onSuccess(answer -> send(ctx, answer))
                .onFailure(ctx::fail);
    }

    private static void send(RoutingContext ctx, PipelinePath.EncodedAnswer<Buffer> answer) {
        if (!ctx.response().ended()) {
            var timeline = Exchange.of(ctx).timeline();
            if (timeline != null) {
                answer.stages().forEach(item -> item.tell(timeline));
            }
            Exchange.answer(ctx, answer.body());
        }
    }

    private Pipeline pipeline(RoutingContext ctx) {
        return pipelines.require(ctx.pathParam("pipeline"));
    }
}
