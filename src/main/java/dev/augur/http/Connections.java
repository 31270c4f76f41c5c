package dev.augur.http;

import dev.augur.time.Watch;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one router verticle: how many there may be, and how long one may do nothing. Vert.x's own
 * idle time-out would also cut off clients that wait for their answer, and would let one that sends a byte now and then
 * stay for ever; this one counts from the end of the last answer to the next whole request head. Confined to one event
 * loop.
 */
final class Connections {
    private static final long LOOK_MILLIS = 50;

    private static final class Use {
        private int requests;
        private long idleSinceNanos = System.nanoTime();
        private boolean closing;
        private @Nullable HttpServerRequest last;
    }

    private final int limit;
    private final Duration idleTimeout;
    private final @Nullable Entrance entrance;
    private final Thread loop = Thread.currentThread();
    private final Map<HttpConnection, Use> open = new LinkedHashMap<>();
    private final Map<HttpConnection, SentAll> waiting = new LinkedHashMap<>(); // for an answer, and ask for no more
    private final Watch watch = new Watch(
            Vertx.currentContext(), Duration.ofMillis(LOOK_MILLIS), () -> !waiting.isEmpty(), this::lookAfterWaiting);
    private int requests;
    private boolean used;
    private boolean closing;
    private volatile int count; // a copy for the meter, which reads from another thread
    private volatile long refused;
    private volatile long unread;

    /**
     * Connections of one router verticle. Created on its event loop.
     *
     * @param entrance tells which clients have sent all they will; without it, such a client counts as gone
     */
    Connections(int limit, Duration idleTimeout, @Nullable Entrance entrance) {
        this.limit = limit;
        this.idleTimeout = idleTimeout;
        this.entrance = entrance;
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
        Runnable served = entrance == null ? () -> {} : entrance.serve(connection, () -> sentAll(connection));
        ControlFrames.watch(connection, () -> VertxChannel.close(connection));
        open.put(connection, new Use());
        count = open.size();
        connection.closeHandler(closed -> {
            served.run();
            open.remove(connection);
            waiting.remove(connection);
            count = open.size();
        });
    }

    void requestBegan(HttpServerRequest request) {
        requests++;
        used = true;
        var use = open.get(request.connection());
        if (use != null) {
            if (use.last == null && request.version() != HttpVersion.HTTP_2) {
                VertxChannel.endIdleTimeout(request.connection());
            }
            use.requests++;
            use.last = request;
        }
    }

    /** The client sends no more. It gets its answer, if its request is whole. */
    private void sentAll(HttpConnection connection) {
        var use = open.get(connection);
        var request = use == null || use.requests == 0 ? null : use.last;
        if (use == null || request == null || !request.isEnded() || request.version() == HttpVersion.HTTP_2) {
            connection.close();
        } else {
            waiting.put(connection, new SentAll(System.nanoTime()));
            watch.wake();
        }
    }

    void requestEnded(HttpConnection connection) {
        assert Thread.currentThread() == loop : "answered by " + Thread.currentThread() + ", not by " + loop;
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

    /** Whether there were requests since this was asked last, or are some now. */
    boolean used() {
        boolean since = used;
        used = requests > 0;
        return since || used;
    }

    /** Requests that have no complete answer yet, on all connections. */
    int requests() {
        return requests;
    }

    /**
     * Closes the connections of clients that ask for no more and have all they asked for; looks whether the others
     * still wait.
     */
    private void lookAfterWaiting() {
        long now = System.nanoTime();
        for (var entry : List.copyOf(waiting.entrySet())) {
            var use = open.get(entry.getKey());
            if (use == null || use.last == null || use.requests == 0) {
                waiting.remove(entry.getKey());
                entry.getKey().close();
            } else {
                entry.getValue().look(use.last, now);
            }
        }
    }

    /** Closes the connections that have been idle for too long. */
    void sweep() {
        long now = System.nanoTime();
        var idle = new LinkedHashMap<HttpConnection, Use>();
        open.forEach((connection, use) -> {
            if (use.requests == 0 && now - use.idleSinceNanos > idleTimeout.toNanos()) {
                idle.put(connection, use);
            }
        });
        idle.forEach(this::close);
    }

    /** In order; what is still there at the next look reads nothing. */
    private void close(HttpConnection connection, Use use) {
        if (use.closing) {
            cut(connection);
        } else {
            use.closing = true;
            connection.close();
        }
    }

    /** Ends a connection whose client does not read, whatever is still to be sent. */
    void cut(HttpConnection connection) {
        noteUnread();
        VertxChannel.close(connection);
    }

    /** Somebody did not read an answer. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void noteUnread() {
        unread++;
    }

    /** Answers that were not read in time; may be read from any thread. */
    long unread() {
        return unread;
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
