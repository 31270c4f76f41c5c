package dev.augur.cluster;

import dev.augur.error.Repeated;
import dev.augur.http.PeerCertificate;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.core.shareddata.Shareable;
import io.vertx.core.spi.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections between nodes: has the event bus look whom a certificate is for, which Vert.x switches off there, and
 * tells of those that do not come about, of which Vert.x writes a stack trace each, or nothing. Thread-safe.
 */
final class BusConnections implements Shareable {
    private static final Logger LOG = LoggerFactory.getLogger(BusConnections.class);
    private static final AttributeKey<Boolean> OURS = AttributeKey.valueOf(BusConnections.class, "ours");
    private static final String BY_HOST = "HTTPS"; // the rules of RFC 2818, as the JDK calls them

    private static final long HANDSHAKE_SECONDS = 5;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofDays(21);

    private final @Nullable PeerCertificate certificate; // none: there is no TLS
    private final EventBusOptions bus;
    private final long unreadBytes;
    private final Refusals refusals = new Refusals();
    private final AtomicLong unread = new AtomicLong();

    /**
     * Those of a Vert.x.
     *
     * @param bus the options of its event bus, which get the certificate
     * @param unreadBytes what another node may leave unread of what is sent to it
     */
    BusConnections(EventBusOptions bus, @Nullable PeerCertificate certificate, long unreadBytes) {
        this.bus = bus;
        this.unreadBytes = unreadBytes;
        this.certificate = certificate;
        if (certificate != null) {
            bus.setSsl(true)
                    .setKeyCertOptions(certificate.pair())
                    .setTrustOptions(certificate.trusted())
                    .setTrustAll(false)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                    .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                    .setEnabledSecureTransportProtocols(PeerCertificate.protocols());
        }
    }

    /** Connections that were ended since what was sent over them was not read. */
    long unread() {
        return unread.get();
    }

    private void tellUnread(ChannelHandlerContext ctx) {
        long times = unread.incrementAndGet();
        if (Repeated.tells(times)) {
            LOG.warn(
                    "cluster: the node at {} does not read what is sent to it, and its connection was ended with more"
                            + " than {} bytes (cluster.event-bus-memory; {} times so far)",
                    text(ctx.channel().remoteAddress(), /* port= */ true),
                    unreadBytes,
                    times);
        }
    }

    /** Tells, at the start and each day, that the certificate ends soon: it is not read again. */
    void watchEnd(Vertx vertx) {
        if (certificate != null) {
            tellEnd(certificate.ends());
            vertx.setPeriodic(DAY.toMillis(), tick -> tellEnd(certificate.ends()));
        }
    }

    private static void tellEnd(Instant end) {
        if (end.isBefore(Instant.now().plus(SOON))) {
            LOG.warn(
                    "cluster.tls.certificate: it ends at {}; nodes refuse this one then, unless it was started again"
                            + " with another",
                    end);
        }
    }

    /** The same transport, with an eye on these connections. */
    Transport around(Transport under) {
        return (Transport) Proxy.newProxyInstance(
                BusConnections.class.getClassLoader(), new Class<?>[] {Transport.class}, (proxy, method, arguments) -> {
                    try {
                        var result = method.invoke(under, arguments);
                        return method.getName().equals("channelFactory")
                                ? factory((ChannelFactory<?>) result)
                                : configured(result, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ChannelFactory<Channel> factory(ChannelFactory<?> under) {
        return () -> {
            var channel = under.newChannel();
            channel.pipeline().addLast(new Outgoing());
            return channel;
        };
    }

    private @Nullable Object configured(@Nullable Object result, Object @Nullable [] arguments) {
        if (arguments != null && arguments[0] instanceof TCPSSLOptions options && ours(options)) {
            var last = arguments[arguments.length - 1];
            if (last instanceof Bootstrap client) {
                client.attr(OURS, true);
            } else if (last instanceof ServerBootstrap server) {
                watch(server);
            }
        }
        return result;
    }

    /** Those with this node's certificate; without one, those that are made as the event bus makes them. */
    private boolean ours(TCPSSLOptions options) {
        if (certificate != null) {
            return options.getKeyCertOptions() instanceof PemKeyCertOptions pair
                    && pair.getKeyValues().equals(certificate.pair().getKeyValues());
        }
        return options.getClass() == NetClientOptions.class
                && ((NetClientOptions) options).getConnectTimeout() == bus.getConnectTimeout()
                && options.getTcpUserTimeout() == bus.getTcpUserTimeout();
    }

    private void watch(ServerBootstrap server) {
        var before = server.config().handler();
        server.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel listener) {
                if (before != null) {
                    listener.pipeline().addLast(before);
                }
                listener.pipeline().addLast(new Acceptor());
            }
        });
    }

    /** Has its certificate looked at by the name that it should have; called before the handshake. */
    private void verify(SSLEngine engine) {
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(BY_HOST);
        if (certificate != null) {
            certificate.name().ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
        }
        engine.setSSLParameters(parameters);
    }

    private static String text(@Nullable SocketAddress address, boolean port) {
        return address instanceof InetSocketAddress internet
                ? internet.getHostString() + (port ? ":" + internet.getPort() : "")
                : String.valueOf(address);
    }

    /** Of a connection to another node, before its handshake. One of another kind is left alone. */
    private final class Outgoing extends ChannelDuplexHandler {
        @Override
        public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise done)
                throws Exception {
            if (Boolean.TRUE.equals(ctx.channel().attr(OURS).get())) {
                done.addListener(connected -> {
                    if (!connected.isSuccess()) {
                        refusals.asked(text(remote, /* port= */ true), connected.cause());
                    }
                });
            }
            super.connect(ctx, remote, local, done);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            var pipeline = ctx.pipeline();
            boolean ours = Boolean.TRUE.equals(ctx.channel().attr(OURS).get());
            if (ours) {
                pipeline.addFirst(new UnreadMessages(unreadBytes, BusConnections.this::tellUnread));
            }
            var encryption = pipeline.context(SslHandler.class);
            if (encryption != null && ours) {
                verify(((SslHandler) encryption.handler()).engine());
                String node = text(ctx.channel().remoteAddress(), /* port= */ true);
                pipeline.addAfter(encryption.name(), null, new Outcome(cause -> refusals.asked(node, cause)));
            }
            ctx.fireChannelActive();
            pipeline.remove(this);
        }
    }

    /** Puts a watch on every connection that is accepted. */
    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            ((Channel) accepted).pipeline().addLast(new Incoming());
            ctx.fireChannelRead(accepted);
        }
    }

    /** Of a connection that was accepted, until something comes. */
    private final class Incoming extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var encryption = ctx.pipeline().context(SslHandler.class);
            if (encryption != null) {
                String address = text(ctx.channel().remoteAddress(), /* port= */ false);
                ctx.pipeline().addAfter(encryption.name(), null, new Outcome(cause -> refusals.came(address, cause)));
                ctx.pipeline().remove(this);
            }
            ctx.fireChannelRead(message);
        }
    }

    private interface Telling {
        void of(Throwable cause);
    }

    /** Sees how a handshake ends. In TLS 1.3 a client is told behind it that its certificate was refused. */
    private static final class Outcome extends ChannelInboundHandlerAdapter {
        private final Telling telling;
        private boolean told;

        private Outcome(Telling telling) {
            this.telling = telling;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent ended && !ended.isSuccess()) {
                tell(ended.cause());
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
                tell(cause);
            }
            ctx.fireExceptionCaught(cause);
        }

        private void tell(Throwable cause) {
            if (!told && !(cause instanceof ClosedChannelException)) {
                told = true;
                telling.of(cause);
            }
        }
    }
}
