package dev.augur.predictionlog;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells logs that the receipts for their groups have come, those of some time at once. One that is lost costs a log no
 * more than a look where its records have gone. Thread-safe.
 */
final class Confirmations {
    private static final long GATHERING_MILLIS = 100;

    private final Vertx vertx;
    private final Context context; // of Vert.x itself: a timer of a caller's would end with its verticle
    private final Map<String, JsonArray> groups = new HashMap<>(); // by address

    Confirmations(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    /** The receipt for this group has come. */
    synchronized void add(String address, String group) {
        if (groups.isEmpty()) {
            context.runOnContext(turn -> vertx.setTimer(GATHERING_MILLIS, over -> send()));
        }
        groups.computeIfAbsent(address, first -> new JsonArray()).add(group);
    }

    private synchronized void send() {
        var all = Map.copyOf(groups);
        groups.clear();
        all.forEach((address, names) -> vertx.eventBus().send(address, names));
    }
}
