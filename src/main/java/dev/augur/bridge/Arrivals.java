package dev.augur.bridge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections of HTTP that are no client's yet: how many there may be, and for how long, whatever they send. Confined
 * to one event loop.
 */
final class Arrivals {
    private final Vertx vertx;
    private final int limit;
    private final Duration time;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    Arrivals(Vertx vertx, int limit, Duration time) {
        this.vertx = vertx;
        this.limit = limit;
        this.time = time;
    }

    void accept(HttpConnection connection) {
        if (timers.size() >= limit) {
            var unused = connection.close();
            return;
        }
        timers.put(connection, vertx.setTimer(time.toMillis(), late -> UnreadPongs.sever(connection)));
        connection.closeHandler(closed -> over(connection));
    }

    /** It has become a client, or is closed. */
    void over(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }
}
