package dev.augur.http;

import dev.augur.model.runtime.ModelRegistry;
import dev.augur.pipeline.Pipelines;
import dev.augur.protocol.MetadataJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;

/** Health and metadata of the Open Inference Protocol v2. Thread-safe. */
final class ProtocolHandlers {
    private final Readiness readiness;
    private final ModelRegistry models;
    private final Pipelines pipelines;
    private final String version;

    ProtocolHandlers(Backend backend) {
        this.readiness = backend.status().readiness();
        this.models = backend.prediction().models();
        this.pipelines = backend.prediction().pipelines();
        this.version = backend.status().version();
    }

    void live(RoutingContext ctx) {
        json(ctx, 200, new JsonObject().put("live", true));
    }

    void ready(RoutingContext ctx) {
        boolean ready = readiness.ready();
        answerReady(ctx, ready, new JsonObject().put("ready", ready));
    }

    private void answerReady(RoutingContext ctx, boolean ready, JsonObject body) {
        var reasons = readiness.reasons();
        if (!reasons.isEmpty()) {
            body.put("reasons", new JsonObject(reasons));
        }
        json(ctx, ready ? 200 : 503, body);
    }

    void server(RoutingContext ctx) {
        json(ctx, 200, MetadataJson.server(version));
    }

    void model(RoutingContext ctx) {
        var model = models.require(ctx.pathParam("model"), ctx.pathParam("version"));
        json(ctx, 200, MetadataJson.model(model, models.loaded(model.metadata().name())));
    }

    /** {@code GET /v2/models}: the names of all that were not unloaded. */
    void models(RoutingContext ctx) {
        var names = models.entries().stream()
                .filter(ModelRegistry.Entry::ready)
                .map(ModelRegistry.Entry::name)
                .distinct()
                .toList();
        json(ctx, 200, new JsonObject().put("models", new JsonArray(names)));
    }

    void modelReady(RoutingContext ctx) {
        var model = models.require(ctx.pathParam("model"), ctx.pathParam("version"));
        json(ctx, 200, new JsonObject().put("name", model.metadata().name()).put("ready", true));
    }

    /** {@code GET /health/live}: the process answers. */
    static void healthLive(RoutingContext ctx) {
        json(ctx, 200, new JsonObject().put("status", "live"));
    }

    /**
     * {@code GET /health/ready}: this node wants requests, and what is wrong. Single pipelines that would fail now are
     * named; the others go on.
     */
    void healthReady(RoutingContext ctx) {
        var body = new JsonObject().put("status", readiness.text());
        var notReady = pipelines.notReady();
        if (!notReady.isEmpty()) {
            body.put("pipelines_not_ready", new JsonObject(new LinkedHashMap<>(notReady)));
        }
        answerReady(ctx, readiness.ready(), body);
    }

    private static void json(RoutingContext ctx, int status, JsonObject body) {
        ctx.response().setStatusCode(status);
        Exchange.answer(ctx, body.toBuffer());
    }
}
