package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import dev.augur.time.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * The answers of one router on their way to clients. Large ones count against the memory for answers and go out in
 * pieces, the next one when the client has read the one before; a client that reads nothing for too long is cut off.
 * Confined to one event loop.
 */
final class Outlet {
    /** Answers up to this size neither count nor wait: a connection holds few of them. */
    private static final int SMALL_BYTES = 1 << 14;

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
        } else {
            send(ctx, parts.stream().map(Unpooled::wrappedBuffer).toList(), bytes);
        }
    }

    /** Sends what another node has answered as {@link #send(RoutingContext, List)} does. It stays until that is out. */
    void send(RoutingContext ctx, ArrivedBody body) {
        if (body.bytes() <= SMALL_BYTES) {
            send(ctx, List.of(ByteBuffer.wrap(body.small())));
        } else {
            send(ctx, body.blocks(), body.bytes());
        }
    }

    private void send(RoutingContext ctx, List<ByteBuf> blocks, long bytes) {
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
        var body = new Body(ctx, new Pieces(blocks));
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
        private final Pieces pieces;
        private Deadlines<RoutingContext>.Wait wait;

        private Body(RoutingContext ctx, Pieces pieces) {
            this.ctx = ctx;
            this.pieces = pieces;
            this.wait = unread.begin(ctx);
        }

        private void sendOn() {
            var response = ctx.response();
            wait.end();
            wait = unread.begin(ctx);
            for (int sent = 0; sent < Pieces.OF_A_TURN && !over(); sent++) {
                var piece = pieces.next();
                if (pieces.isEmpty()) {
                    response.end(piece).onComplete(all -> wait.end());
                    return;
                }
                response.write(piece);
                if (response.writeQueueFull()) {
                    response.drainHandler(read -> sendOn());
                    return;
                }
            }
            if (!over()) {
                ctx.vertx().setTimer(Pieces.TURN_MILLIS, turn -> sendOn());
            }
        }

        /** Whether nobody reads it any more; then it is not there any more either. */
        private boolean over() {
            return ctx.response().closed() || Exchange.of(ctx).gone().isComplete();
        }
    }
}
