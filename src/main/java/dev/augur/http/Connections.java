package dev.augur.http;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The open connections of one router verticle: how many there may be, and how long one may do nothing. Vert.x's own idle time-out
 * would also cut off clients that wait for their answer, and would let one that sends a byte now and then stay for ever; this one
 * counts from the end of the last answer to the next whole request head. Confined to one event loop.
 */
final class Connections {
    private static final class Use {
        private int requests;
        private long idleSinceNanos = System.nanoTime();
    }

    private final int limit;
    private final Duration idleTimeout;
    private final Map<HttpConnection, Use> open = new LinkedHashMap<>();
    private int requests;
    private boolean closing;
    private volatile int count; // a copy for the meter, which reads from another thread
    private volatile long refused;

    Connections(int limit, Duration idleTimeout) {
        this.limit = limit;
        this.idleTimeout = idleTimeout;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void accept(HttpConnection connection) {
        if (closing) {
            connection.close();
            return;
        }
        if (open.size() >= limit) {
            refused++;
            connection.close();
            return;
        }
        open.put(connection, new Use());
        count = open.size();
        connection.closeHandler(closed -> {
            open.remove(connection);
            count = open.size();
        });
    }

    void requestBegan(HttpConnection connection) {
        requests++;
        var use = open.get(connection);
        if (use != null) {
            use.requests++;
        }
    }

    void requestEnded(HttpConnection connection) {
        requests--;
        var use = open.get(connection);
        if (use != null) {
            use.requests--;
            use.idleSinceNanos = System.nanoTime();
        }
    }

    /** Whether this connection was accepted. */
    boolean accepted(HttpConnection connection) {
        return open.containsKey(connection);
    }

    /** From now on, closes every new connection. */
    void refuseNew() {
        closing = true;
    }

    /** Whether new requests are refused. */
    boolean closing() {
        return closing;
    }

    /** Requests that have no complete answer yet, on all connections. */
    int requests() {
        return requests;
    }

    /** Closes the connections that have been idle for too long. */
    void sweep() {
        long now = System.nanoTime();
        var idle = new ArrayList<HttpConnection>();
        open.forEach((connection, use) -> {
            if (use.requests == 0 && now - use.idleSinceNanos > idleTimeout.toNanos()) {
                idle.add(connection);
            }
        });
        idle.forEach(HttpConnection::close);
    }

    /** Open connections; may be read from any thread. */
    int count() {
        return count;
    }

    /** Connections closed at once because of the limit; may be read from any thread. */
    long refused() {
        return refused;
    }
}
