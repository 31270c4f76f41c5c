package dev.augur.cluster;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import java.util.function.Consumer;

/**
 * What was sent to another node and waits in the memory of this one, since that does not read it. The event bus has no
 * bound for it: it never asks whether a connection takes more. Where there is too much, the connection is ended.
 * Confined to the connection's event loop.
 */
final class UnreadMessages extends ChannelDuplexHandler {
    private final int mostBytes;
    private final Consumer<ChannelHandlerContext> ended;

    /**
     * Those of one connection.
     *
     * @param ended told of a connection that is ended
     */
    UnreadMessages(long mostBytes, Consumer<ChannelHandlerContext> ended) {
        this.mostBytes = (int) Math.min(mostBytes, Integer.MAX_VALUE);
        this.ended = ended;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(mostBytes / 2, mostBytes));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            ctx.fireChannelWritabilityChanged();
        } else {
            ended.accept(ctx);
            var unused = ctx.close();
        }
    }

    /**
     * Nobody waits for the failure of a write, but Vert.x 5.0.12 logs a stack trace for each message that is lost with
     * its connection ("Promise already completed": {@code OutboundDeliveryContext.tryFail} is always false). Those
     * that it still had itself are not seen here: {@code logging/FaultRate} writes a few of them.
     */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (promise.isVoid()) {
            var unused = ctx.write(message, promise);
        } else {
            var unused = ctx.write(message).addListener(over -> promise.trySuccess());
        }
    }
}
