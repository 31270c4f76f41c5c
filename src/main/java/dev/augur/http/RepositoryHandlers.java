package dev.augur.http;

import dev.augur.membership.Nodes;
import dev.augur.model.runtime.ModelControl;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.ModelRunner;
import dev.augur.protocol.ModelJson;
import dev.augur.protocol.RepositoryBody;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The extensions about models as such: repository, configuration, statistics. Thread-safe. */
final class RepositoryHandlers {
    private final ModelRegistry models;
    private final ModelControl control;

    private final Nodes nodes;

    RepositoryHandlers(ModelRegistry models, ModelControl control, Nodes nodes) {
        this.models = models;
        this.control = control;
        this.nodes = nodes;
    }

    /**
     * {@code POST /v2/repository/index}: every known model; only the loaded ones when the body asks for {@code ready}.
     * In a cluster also those of other nodes, each with the nodes where it takes requests.
     */
    void index(RoutingContext ctx) {
        boolean ready = RepositoryBody.wantsReady(Exchange.of(ctx).body());
        var index = new JsonArray();
        models.entries().stream()
                .filter(entry -> !ready || entry.ready())
                .forEach(entry -> index.add(ModelJson.indexEntry(entry)));
        Exchange.answer(ctx, ClusterIndex.of(nodes, index, ready).toBuffer());
    }

    /** {@code POST /v2/repository/models/{model}/load}: empty body, 200 once the model answers. */
    void load(RoutingContext ctx) {
        RepositoryBody.refuseParameters(Exchange.of(ctx).body(), Set.of());
        answerEmpty(ctx, control.load(ctx.pathParam("model")));
    }

    /** {@code POST /v2/repository/models/{model}/unload}: empty body, 200 once no new request reaches the model. */
    void unload(RoutingContext ctx) {
        RepositoryBody.refuseParameters(Exchange.of(ctx).body(), Set.of("unload_dependents"));
        answerEmpty(ctx, control.unload(ctx.pathParam("model")));
    }

    /** {@code GET /v2/models/{model}[/versions/{version}]/config}. */
    void config(RoutingContext ctx) {
        Exchange.answer(ctx, ModelJson.config(one(ctx)).toBuffer());
    }

    /** {@code GET /v2/models/{model}[/versions/{version}]/stats}: without a version, of every loaded one. */
    void statistics(RoutingContext ctx) {
        var runner = one(ctx);
        boolean all = !ctx.pathParams().containsKey("version");
        Exchange.answer(ctx, statistics(all ? models.loaded(runner.metadata().name()) : List.of(runner)));
    }

    /** {@code GET /v2/models/stats}: of every loaded model. */
    void allStatistics(RoutingContext ctx) {
        Exchange.answer(ctx, statistics(models.loaded()));
    }

    private ModelRunner one(RoutingContext ctx) {
        Map<String, String> parameters = ctx.pathParams();
        return models.require(ctx.pathParam("model"), parameters.get("version"));
    }

    private static Buffer statistics(List<ModelRunner> runners) {
        var all = new JsonArray();
        runners.forEach(runner -> all.add(ModelJson.statistics(runner)));
        return new JsonObject().put("model_stats", all).toBuffer();
    }

    private static void answerEmpty(RoutingContext ctx, Future<Void> done) {
        done.onSuccess(finished -> Exchange.answer(ctx, Buffer.buffer())).onFailure(ctx::fail);
    }
}
