package dev.augur.http;

import dev.augur.membership.Nodes;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.StatementJson;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /cluster}: the nodes that there are, as this one knows them. Thread-safe. */
record ClusterHandler(Nodes nodes) implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext ctx) {
        var self = nodes.self();
        var all = new JsonArray();
        nodes.all().forEach(node -> all.add(told(node, self.node())));
        Exchange.answer(
                ctx,
                new JsonObject()
                        .put("clustered", nodes.clustered())
                        .put("cluster", nodes.clustered() ? nodes.cluster() : null)
                        .put("node", self.node())
                        .put("nodes", all)
                        .toBuffer());
    }

    private JsonObject told(NodeStatement node, String self) {
        var json = StatementJson.of(node);
        var seen = nodes.find(node.node());
        boolean own = node.node().equals(self);
        return json.put("answers", own || seen.map(nodes::answers).orElse(false))
                .put(
                        "silent_ms",
                        own ? 0L : seen.map(one -> one.silent().toMillis()).orElse(null));
    }
}
