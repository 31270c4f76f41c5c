package dev.augur.http;

import dev.augur.membership.Nodes;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.ServedModel;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The index of models of a whole cluster. Thread-safe. */
final class ClusterIndex {
    private ClusterIndex() {}

    /**
     * The index of this node, and in a cluster each version with the nodes where it takes requests, also those that
     * this node does not have. Alone, it stays as it is.
     *
     * @param ready whether to tell those alone that take requests
     */
    static JsonArray of(Nodes nodes, JsonArray own, boolean ready) {
        if (!nodes.clustered()) {
            return own;
        }
        var index = new LinkedHashMap<List<String>, JsonObject>();
        for (int i = 0; i < own.size(); i++) {
            var entry = own.getJsonObject(i);
            index.put(
                    List.of(entry.getString("name"), entry.getString("version")), entry.put("nodes", new JsonArray()));
        }
        for (NodeStatement node : nodes.all()) {
            for (ServedModel model : node.models()) {
                if (model.ready() || !ready) {
                    add(index, node, model);
                }
            }
        }
        return new JsonArray(List.copyOf(index.values()));
    }

    private static void add(Map<List<String>, JsonObject> index, NodeStatement node, ServedModel model) {
        var entry = index.computeIfAbsent(List.of(model.name(), model.version()), key -> entry(model));
        if (model.ready()) {
            entry.getJsonArray("nodes").add(node.node());
            if (!model.state().equals(entry.getString("state"))) { // it can be asked, though not of every node
                entry.put("state", model.state()).put("reason", "");
            }
        }
    }

    private static JsonObject entry(ServedModel model) {
        return new JsonObject()
                .put("name", model.name())
                .put("version", model.version())
                .put("state", model.state())
                .put("reason", model.reason())
                .put("nodes", new JsonArray());
    }
}
