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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The extensions about models as such: repository, configuration, statistics. Thread-safe. */
final class RepositoryHandlers {
    private final ModelRegistry models;
    private final ModelControl control;
    private final Nodes nodes;
    private final EveryNode all;

    RepositoryHandlers(ModelRegistry models, ModelControl control, Nodes nodes, @Nullable Peers peers) {
        this.models = models;
        this.control = control;
        this.nodes = nodes;
        this.all = new EveryNode(nodes, peers);
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
        var body = Exchange.of(ctx).body();
        RepositoryBody.refuseParameters(body, Set.of(RepositoryBody.NODES));
        change(ctx, body, control::load);
    }

    /** {@code POST /v2/repository/models/{model}/unload}: empty body, 200 once no new request reaches the model. */
    void unload(RoutingContext ctx) {
        var body = Exchange.of(ctx).body();
        RepositoryBody.refuseParameters(body, Set.of(RepositoryBody.NODES, "unload_dependents"));
        change(ctx, body, control::unload);
    }

    /** Here, or with {@code {"parameters": {"nodes": "all"}}} on all nodes. */
    private void change(RoutingContext ctx, byte[] body, Function<String, Future<Void>> change) {
        String model = ctx.pathParam("model");
        if (RepositoryBody.wantsAllNodes(body)) {
            all.change(ctx, () -> change.apply(model));
        } else {
            answerEmpty(ctx, change.apply(model));
        }
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
