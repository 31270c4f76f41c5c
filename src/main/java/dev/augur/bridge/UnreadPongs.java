package dev.augur.bridge;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends a connection whose client sends pings of WebSocket and reads no pong: Vert.x answers each by itself, shows
 * nobody that it did, and keeps without a bound what is not read. Vert.x also closes a connection only once all is
 * read, so this closes what is below it. It is put into netty's pipeline, to which no public way leads. Confined to one
 * event loop.
 */
final class UnreadPongs extends ChannelInboundHandlerAdapter {
    private static final int MAX_UNREAD = 100;
    /** Each of 64 KiB at most: what was answered is sent after each, and a client that reads has had the chance to. */
    private static final int READS_AT_ONCE = 1;

    private final Runnable told;
    private int unread;

    private UnreadPongs(Runnable told) {
        this.told = told;
    }

    /**
     * Watches a connection from its beginning.
     *
     * @param told called when it is ended
     */
    static void watch(HttpConnection connection, Runnable told) {
        if (connection instanceof HttpServerConnection open) {
            var ctx = open.channelHandlerContext();
            var reads = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_AT_ONCE);
            var unused = ctx.channel().config().setRecvByteBufAllocator(reads);
            ctx.pipeline().addBefore(ctx.name(), UnreadPongs.class.getName(), new UnreadPongs(told));
        }
    }

    /** Ends a connection that is watched, at once, with what is not sent yet. */
    static void sever(HttpConnection connection) {
        if (connection instanceof HttpServerConnection open) {
            var ctx = open.channelHandlerContext().pipeline().context(UnreadPongs.class);
            if (ctx != null) {
                close(ctx);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof PingWebSocketFrame && !ctx.channel().isWritable()) {
            unread++;
        }
        ctx.fireChannelRead(message);
    }

    /** Vert.x sends here what it has answered, so what is left is what the client does not read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (unread > MAX_UNREAD) {
            unread = 0;
            told.run();
            close(ctx);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            unread = 0;
        }
        ctx.fireChannelWritabilityChanged();
    }

    private static void close(ChannelHandlerContext ctx) {
        var unused = ctx.close();
    }
}
