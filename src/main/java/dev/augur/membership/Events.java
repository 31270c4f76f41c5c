package dev.augur.membership;

import dev.augur.bus.Addresses;
import dev.augur.statement.ServedModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Publishes what happens to nodes and their models on {@link Addresses#EVENTS}. Confined to one event loop. */
final class Events {
    private final Vertx vertx;
    private Map<String, ServedModel> told = Map.of();

    /** What happens to a node. */
    enum Kind {
        JOINED,
        LEFT,
        DRAINED
    }

    Events(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Something has happened to that node. */
    void tell(Kind kind, String node) {
        publish(kind.name().toLowerCase(Locale.ROOT), node, new JsonObject());
    }

    /** The models of this node as they are now: what has changed is told. */
    void models(String node, List<ServedModel> now) {
        var next = new HashMap<String, ServedModel>();
        for (ServedModel model : now) {
            String key = model.name() + "/" + model.version();
            next.put(key, model);
            var before = told.get(key);
            if (!model.equals(before)) { // one that was unloaded and one that failed have the same state
                tell(node, model, before != null && before.ready());
            }
        }
        told.forEach((key, model) -> {
            if (model.ready() && !next.containsKey(key)) {
                publish("model_unloaded", node, about(model));
            }
        });
        told = next;
    }

    private void tell(String node, ServedModel model, boolean wasReady) {
        if (model.ready()) {
            publish("model_loaded", node, about(model));
        } else if (model.unloaded()) {
            if (wasReady) {
                publish("model_unloaded", node, about(model));
            }
        } else if (model.state().equals("UNAVAILABLE")) {
            publish("model_failed", node, about(model).put("reason", model.reason()));
        }
    }

    private static JsonObject about(ServedModel model) {
        return new JsonObject().put("model", model.name()).put("version", model.version());
    }

    private void publish(String event, String node, JsonObject more) {
        vertx.eventBus()
                .publish(
                        Addresses.EVENTS,
                        new JsonObject()
                                .put("event", event)
                                .put("node", node)
                                .put("at", Instant.now().toString())
                                .mergeIn(more));
    }
}
