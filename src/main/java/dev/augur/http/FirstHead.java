package dev.augur.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose first request head has not arrived whole in time, byte by byte or not at all; the preface
 * of HTTP/2 counts as one. Tells when the client has sent all it will. Confined to one event loop.
 */
final class FirstHead extends ChannelInboundHandlerAdapter {
    private static final byte[] END = {'\r', '\n', '\r', '\n'};

    private final Duration timeout;
    private final Consumer<Channel> sentAll;
    private boolean begun;
    private int matched;
    private @Nullable Future<?> deadline;

    FirstHead(Duration timeout, Consumer<Channel> sentAll) {
        this.timeout = timeout;
        this.sentAll = sentAll;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            begin(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        begin(ctx);
        ctx.fireChannelActive();
    }

    private void begin(ChannelHandlerContext ctx) {
        if (deadline == null) {
            deadline = ctx.executor().schedule(() -> end(ctx), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!whole() && message instanceof ByteBuf bytes) {
            bytes.forEachByte(this::goesOn);
            if (whole()) {
                giveUp();
            }
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
        if (event instanceof ChannelInputShutdownEvent) {
            if (whole()) {
                sentAll.accept(ctx.channel());
            } else {
                end(ctx);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        giveUp();
        ctx.fireChannelInactive();
    }

    /** Empty lines in front of a request line are passed over. */
    private boolean goesOn(byte next) {
        begun = begun || (next != '\r' && next != '\n');
        if (begun) {
            matched = next == END[matched] ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return !whole();
    }

    private static void end(ChannelHandlerContext ctx) {
        var unused = ctx.close();
    }

    private boolean whole() {
        return matched == END.length;
    }

    private void giveUp() {
        if (deadline != null) {
            deadline.cancel(/* mayInterruptIfRunning= */ false);
            deadline = null;
        }
    }
}
