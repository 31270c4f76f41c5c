package dev.augur.http;

import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * What Vert.x does not let do with a connection of HTTP but by its channel, for which this class reaches into Vert.x.
 * Confined to the connection's event loop.
 */
final class VertxChannel {
    private VertxChannel() {}

    /**
     * Ends a connection at once. {@link HttpConnection#close} first sends what is queued, and waits for ever for a
     * client that reads nothing; only Vert.x's own idle time-out closes the channel itself, and that one cannot tell
     * such a client from one that waits for its answer.
     */
    static void close(HttpConnection connection) {
        if (connection instanceof HttpServerConnection open) {
            var unused = open.channelHandlerContext().close(); // it ends either way
        } else {
            connection.close();
        }
    }

    /**
     * From here on somebody else watches how long it is idle: Vert.x's own watch takes the time of each read and write,
     * and has each write tell it when it is done. Of HTTP/1 alone: a connection of HTTP/2 whose client reads nothing at
     * all is not ended by the end of its streams.
     */
    static void endIdleTimeout(HttpConnection connection) {
        if (connection instanceof HttpServerConnection open) {
            var pipeline = open.channelHandlerContext().pipeline();
            var watch = pipeline.get(IdleStateHandler.class);
            if (watch != null) {
                pipeline.remove(watch);
            }
        }
    }
}
