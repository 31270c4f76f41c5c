package dev.augur.http;

import dev.augur.inference.ModelRegistry;
import dev.augur.pipeline.Pipelines;
import dev.augur.protocol.MetadataJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;

/** Health and metadata of the Open Inference Protocol v2. Thread-safe. */
final class ProtocolHandlers {
    private final Readiness readiness;
    private final ModelRegistry models;
    private final Pipelines pipelines;
    private final String version;

    ProtocolHandlers(Services services) {
        this.readiness = services.readiness();
        this.models = services.models();
        this.pipelines = services.pipelines();
        this.version = services.version();
    }

    void live(RoutingContext ctx) {
        json(ctx, 200, new JsonObject().put("live", true));
    }

    void ready(RoutingContext ctx) {
        json(ctx, readiness.ready() ? 200 : 503, new JsonObject().put("ready", readiness.ready()));
    }

    void server(RoutingContext ctx) {
        json(ctx, 200, MetadataJson.server(version));
    }

    void model(RoutingContext ctx) {
        var model = models.require(ctx.pathParam("model"), ctx.pathParam("version"));
        json(ctx, 200, MetadataJson.model(model, models.loaded(model.metadata().name())));
    }

    void modelReady(RoutingContext ctx) {
        var model = models.require(ctx.pathParam("model"), ctx.pathParam("version"));
        json(ctx, 200, new JsonObject().put("name", model.metadata().name()).put("ready", true));
    }

    /** {@code GET /health/live}: the process answers. */
    static void healthLive(RoutingContext ctx) {
        json(ctx, 200, new JsonObject().put("status", "live"));
    }

    /** {@code GET /health/ready}: this node wants requests. Single pipelines that would fail now are named; the others go on. */
    void healthReady(RoutingContext ctx) {
        var body = new JsonObject().put("status", readiness.text());
        var notReady = pipelines.notReady();
        if (!notReady.isEmpty()) {
            body.put("pipelines_not_ready", new JsonObject(new LinkedHashMap<>(notReady)));
        }
        json(ctx, readiness.ready() ? 200 : 503, body);
    }

    private static void json(RoutingContext ctx, int status, JsonObject body) {
        ctx.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer());
    }
}
