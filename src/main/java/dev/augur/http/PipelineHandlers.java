package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.pipeline.ItemAnswer;
import dev.augur.pipeline.ItemRequest;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.Pipelines;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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

    /**
     * One request.
     *
     * @param explain whether its answer tells the features as well
     * @param patience how long the client waits
     */
    private record Call(Pipeline pipeline, boolean explain, Duration patience) {}

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
        var call = new Call(pipeline(ctx), explain(ctx), patience(ctx));
        byte[] body = Exchange.of(ctx).body();
        work.here(
                        body.length,
                        Exchange.of(ctx).over(),
                        () -> PipelineRequestReader.read(
                                body, call.pipeline().config().limits().maxItems()))
                .onSuccess(request -> RequestRecorder.leave(ctx)) // each item has its own record
                .compose(request -> request.many() ? answerAll(ctx, call, request) : answerOne(ctx, call, request))
                .onFailure(ctx::fail);
    }

    private Future<Void> answerOne(RoutingContext ctx, Call call, PipelineRequest request) {
        var item = Objects.requireNonNull(request.items().get(0).request());
        return call.pipeline()
                .predictAll(List.of(item), call.patience(), Exchange.of(ctx).over())
                .get(0)
                .map(answer -> {
                    send(ctx, PipelineJson.answer(answer, call.explain()).toBuffer(), List.of(answer.stages()));
                    return null;
                });
    }

    /** Each item has its own outcome; the request as a whole succeeds. */
    private Future<Void> answerAll(RoutingContext ctx, Call call, PipelineRequest request) {
        var exchange = Exchange.of(ctx).over();
        var items = request.items().stream()
                .map(PipelineRequest.Item::request)
                .filter(Objects::nonNull)
                .toList();
        return ItemTurns.begin(ctx.vertx().getOrCreateContext(), items, some -> call.pipeline()
                        .predictAll(some, call.patience(), exchange))
                .compose(answers -> Future.join(answers)
                        .transform(
                                over -> work.here(PipelineJson.bytes(answers, call.explain()), exchange, () -> bodies(
                                                request, items, answers, call.explain())
                                        .toBuffer()))
                        .map(body -> {
                            send(ctx, body, stages(answers));
                            return null;
                        }));
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

    /** How long the client waits, if it says so. */
    private static Duration patience(RoutingContext ctx) {
        return RequestTimeout.of(ctx.request()).filter(time -> !time.isZero()).orElse(ChronoUnit.FOREVER.getDuration());
    }

    private static void send(RoutingContext ctx, Buffer body, List<ItemAnswer.Stages> stages) {
        if (!ctx.response().ended()) {
            ctx.response()
                    .putHeader(
                            "Server-Timing",
                            PipelineJson.timing(stages, Exchange.of(ctx).nanos()));
            Exchange.answer(ctx, body);
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
