package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.pipeline.ItemAnswer;
import dev.augur.pipeline.ItemRequest;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.Pipelines;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pipelines: what there are, and predictions from looked-up features. Confined to one event loop. */
final class PipelineHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineHandlers.class);
    private static final String EXPLAIN = "explain";

    private final Pipelines pipelines;
    private final JsonWork work;

    /**
     * Handlers for one router.
     *
     * @param work reads bodies too large for the event loop elsewhere
     */
    PipelineHandlers(Pipelines pipelines, JsonWork work) {
        this.pipelines = pipelines;
        this.work = work;
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
        var pipeline = pipeline(ctx);
        boolean explain = explain(ctx);
        byte[] body = Exchange.of(ctx).body();
        work.here(
                        body.length,
                        Exchange.of(ctx).over(),
                        () -> PipelineRequestReader.read(
                                body, pipeline.config().limits().maxItems()))
                .onSuccess(request -> RequestRecorder.leave(ctx)) // each item has its own record
                .compose(request -> request.many()
                        ? answerAll(ctx, pipeline, request, explain)
                        : answerOne(ctx, pipeline, request, explain))
                .onFailure(ctx::fail);
    }

    private Future<Void> answerOne(RoutingContext ctx, Pipeline pipeline, PipelineRequest request, boolean explain) {
        var item = Objects.requireNonNull(request.items().get(0).request());
        return pipeline.predictAll(List.of(item), Exchange.of(ctx).over())
                .get(0)
                .map(answer -> {
                    send(ctx, PipelineJson.answer(answer, explain), List.of(answer.stages()));
                    return null;
                });
    }

    /** Each item has its own outcome; the request as a whole succeeds. */
    private Future<Void> answerAll(RoutingContext ctx, Pipeline pipeline, PipelineRequest request, boolean explain) {
        var items = request.items().stream()
                .map(PipelineRequest.Item::request)
                .filter(Objects::nonNull)
                .toList();
        var answers = pipeline.predictAll(items, Exchange.of(ctx).over());
        return Future.join(answers).transform(over -> {
            send(ctx, bodies(request, items, answers, explain), stages(answers));
            return Future.succeededFuture();
        });
    }

    private static JsonObject bodies(
            PipelineRequest request, List<ItemRequest> items, List<Future<ItemAnswer>> answers, boolean explain) {
        var bodies = new JsonArray();
        int next = 0;
        for (PipelineRequest.Item item : request.items()) {
            var fault = item.fault();
            if (fault != null) {
                bodies.add(PipelineJson.fault(item.id(), fault));
                continue;
            }
            var answer = answers.get(next);
            var id = items.get(next++).itemId();
            if (answer.succeeded()) {
                bodies.add(PipelineJson.answer(answer.result(), explain));
            } else {
                bodies.add(PipelineJson.fault(id, logged(answer.cause())));
            }
        }
        return new JsonObject().put("items", bodies);
    }

    private static Throwable logged(Throwable failure) {
        if (!(failure instanceof ServingException)) {
            LOG.error("an item failed", failure);
        }
        return failure;
    }

    private static List<ItemAnswer.Stages> stages(List<Future<ItemAnswer>> answers) {
        var stages = new ArrayList<ItemAnswer.Stages>();
        answers.stream()
                .filter(Future::succeeded)
                .forEach(answer -> stages.add(answer.result().stages()));
        return stages;
    }

    private static void send(RoutingContext ctx, JsonObject body, List<ItemAnswer.Stages> stages) {
        if (!ctx.response().ended()) {
            ctx.response()
                    .putHeader(
                            "Server-Timing",
                            PipelineJson.timing(stages, Exchange.of(ctx).nanos()));
            Exchange.answer(ctx, body.toBuffer());
        }
    }

    private Pipeline pipeline(RoutingContext ctx) {
        return pipelines.require(ctx.pathParam("pipeline"));
    }

    private static boolean explain(RoutingContext ctx) {
        var wanted = ctx.queryParam(EXPLAIN);
        if (!wanted.isEmpty() && !wanted.equals(List.of("features"))) {
            throw new ServingException(ErrorCode.INVALID_ARGUMENT, "explain must be features, or not be given");
        }
        return !wanted.isEmpty();
    }
}
