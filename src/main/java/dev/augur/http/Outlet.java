package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import dev.augur.time.Deadlines;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The answers of one router on their way to clients. Large ones count against the memory for answers and go out in
 * pieces, the next one when the client has read the one before; a client that reads nothing for too long is cut off.
 * Confined to one event loop.
 */
final class Outlet {
    /** Answers up to this size neither count nor wait: a connection holds few of them. */
    private static final int SMALL_BYTES = 1 << 14;

    private static final int PIECE_BYTES = 1 << 16;
    /** Then others have their turn: to a client that reads as fast as this writes, all would go in one. */
    static final int PIECES_OF_A_TURN = 8;

    /** Until the next turn. (A task would be run before anything that has come in, for a second on end.) */
    static final int TURN_MILLIS = 1;

    private static final long CANCEL = 8; // an error code of HTTP/2

    private final BodyMemory memory;
    private final Connections connections;
    private final Deadlines<RoutingContext> unread;

    Outlet(BodyMemory memory, Duration writeTimeout, Connections connections) {
        this.memory = memory;
        this.connections = connections;
        this.unread = new Deadlines<>(
                writeTimeout,
                new ServingException(ErrorCode.CANCELLED, "the client did not read its answer"),
                (ctx, late) -> cut(ctx));
    }

    /** What one answer takes of the memory. */
    BodyMemory.Share share() {
        return memory.new Share();
    }

    /** Goes on once the client has read most of what it was sent before: it may ask for more than it reads. */
    void whenRead(RoutingContext ctx, Runnable next) {
        if (!ctx.response().writeQueueFull()) {
            next.run();
            return;
        }
        var wait = unread.begin(ctx);
        Exchange.of(ctx).gone().onComplete(over -> wait.end());
        ctx.request().pause(); // nobody takes its body yet
        ctx.response().drainHandler(read -> {
            ctx.response().drainHandler(null);
            wait.end();
            next.run();
            ctx.request().resume();
        });
    }

    /** Sends a body as {@link #send(RoutingContext, List)} does. */
    void send(RoutingContext ctx, Buffer body) {
        if (body.length() <= SMALL_BYTES && ctx.request().version() != HttpVersion.HTTP_2) {
            Exchange.end(ctx, body);
        } else {
            send(ctx, List.of(ByteBuffer.wrap(body.getBytes())));
        }
    }

    /** Sends the body of an answer whose head is set. Fails the request when there is no memory for it. */
    void send(RoutingContext ctx, List<ByteBuffer> parts) {
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        if (bytes <= SMALL_BYTES && ctx.request().version() != HttpVersion.HTTP_2) {
            Exchange.of(ctx).answerMemory().close();
            Exchange.end(ctx, joined(parts, (int) bytes));
            return;
        }
        try {
            Exchange.of(ctx).answerMemory().settle(bytes <= SMALL_BYTES ? 0 : bytes);
        } catch (ServingException noRoom) {
            ctx.fail(noRoom);
            return;
        }
        ctx.response().putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(bytes));
        if (ctx.request().method().equals(HttpMethod.HEAD)) {
            ctx.response().end();
            return;
        }
        var body = new Body(ctx, parts);
        Exchange.of(ctx).gone().onFailure(left -> body.wait.end());
        body.sendOn();
    }

    /** Cuts off this client, unless the wait is ended in time because it has read. */
    Deadlines<RoutingContext>.Wait unread(RoutingContext ctx) {
        return unread.begin(ctx);
    }

    /** Cuts off those who have read nothing for too long. */
    void sweep() {
        unread.sweep();
    }

    /** Ends an answer whose client does not read. */
    void cut(RoutingContext ctx) {
        if (ctx.request().version() == HttpVersion.HTTP_2) {
            ctx.response().reset(CANCEL);
            connections.noteUnread();
        } else {
            connections.cut(ctx.request().connection());
        }
    }

    private static Buffer joined(List<ByteBuffer> parts, int bytes) {
        var joined = Buffer.buffer(bytes);
        for (ByteBuffer part : parts) {
            if (part.hasArray()) {
                joined.appendBytes(part.array(), part.arrayOffset() + part.position(), part.remaining());
            } else {
                byte[] copy = new byte[part.remaining()];
                part.duplicate().get(copy);
                joined.appendBytes(copy);
            }
        }
        return joined;
    }

    /** One answer on its way. */
    private final class Body {
        private final RoutingContext ctx;
        private final ArrayDeque<ByteBuffer> parts = new ArrayDeque<>();
        private Deadlines<RoutingContext>.Wait wait;

        private Body(RoutingContext ctx, List<ByteBuffer> all) {
            this.ctx = ctx;
            this.wait = unread.begin(ctx);
            all.stream().filter(ByteBuffer::hasRemaining).forEach(part -> parts.add(part.duplicate()));
        }

        private void sendOn() {
            var response = ctx.response();
            wait.end();
            wait = unread.begin(ctx);
            for (int sent = 0; sent < PIECES_OF_A_TURN && !response.closed(); sent++) {
                var piece = piece();
                if (parts.isEmpty()) {
                    response.end(piece).onComplete(all -> wait.end());
                    return;
                }
                response.write(piece);
                if (response.writeQueueFull()) {
                    response.drainHandler(read -> sendOn());
                    return;
                }
            }
            if (!response.closed()) {
                ctx.vertx().setTimer(TURN_MILLIS, turn -> sendOn());
            }
        }

        private Buffer piece() {
            var piece = Buffer.buffer(PIECE_BYTES);
            while (!parts.isEmpty() && piece.length() < PIECE_BYTES) {
                var part = parts.element();
                byte[] bytes = new byte[Math.min(part.remaining(), PIECE_BYTES - piece.length())];
                part.get(bytes);
                piece.appendBytes(bytes);
                if (!part.hasRemaining()) {
                    parts.remove();
                }
            }
            return piece;
        }
    }
}
