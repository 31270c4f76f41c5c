package dev.augur.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends a connection at once. {@link HttpConnection#close} first sends what is queued, and waits for ever for a client
 * that reads nothing; only Vert.x's own idle time-out closes the channel itself, and that one cannot tell such a client
 * from one that waits for its answer. So this class, and no other, reaches into Vert.x. Thread-safe.
 */
final class Severance {
    private Severance() {}

    static void sever(HttpConnection connection) {
        if (connection instanceof HttpServerConnection open) {
            var unused = open.channelHandlerContext().close(); // it ends either way
        } else {
            connection.close();
        }
    }
}
