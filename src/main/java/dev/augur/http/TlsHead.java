package dev.augur.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Supplier;

/**
 * Puts the watch on a connection's first request head behind its encryption, where there is a head to be seen. Until
 * the client has sent something the time for the handshake holds. Confined to one event loop.
 */
final class TlsHead extends ChannelInboundHandlerAdapter {
    private final Supplier<FirstHead> watch;

    TlsHead(Supplier<FirstHead> watch) {
        this.watch = watch;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var encryption = ctx.pipeline().context(SslHandler.class);
        if (encryption != null) {
            ctx.pipeline().addAfter(encryption.name(), null, watch.get());
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(message);
    }
}
