package dev.augur.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.shareddata.Shareable;
import io.vertx.core.transport.Transport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a Vert.x that serves HTTP: the one it would have anyway, which also watches the connections of
 * guarded servers from the moment they are accepted, before Vert.x shows them. One that does not send its first request
 * head whole in time is closed; one whose client has sent all it will ({@code shutdown(SHUT_WR)}) is not, but told to
 * who serves it. Thread-safe.
 */
public final class Entrance implements Shareable {
    private static final String MAP = Entrance.class.getName();

    /** Each of 64 KiB at most: a connection that sends much lets the others of its event loop have their turn. */
    private static final int READS_AT_ONCE = 1;

    /** Of one connection, until it is flushed in any case; netty's own default. */
    private static final int FLUSHES_AT_ONCE = 256;

    /**
     * What one turn of an event loop answers, most often a batch, is written to the network when all of it is ready: a
     * write wakes a client, which on a busy machine then takes turns with the loop. That costs a tenth.
     */
    private static final boolean AFTER_THE_TURN = true;

    private final Map<String, Guard> guards = new ConcurrentHashMap<>(); // by host and port of a server
    private final Map<String, Integer> open =
            new ConcurrentHashMap<>(); // how many servers take connections, by the same
    private final Map<Peer, Runnable> served = new ConcurrentHashMap<>();

    private Entrance() {}

    /** What is watched at a server: how long a head may take, and, where there are limits, how many one client has. */
    private record Guard(Duration headTimeout, Optional<ClientLimits> limits) {
        /** Whether a connection that was accepted is one too many. */
        boolean refuses(Channel accepted) {
            if (limits.isEmpty()) {
                return false;
            }
            var from = accepted.remoteAddress();
            if (!limits.get().enter(from)) {
                return true;
            }
            accepted.closeFuture().addListener(closed -> limits.get().leave(from));
            return false;
        }
    }

    /** A client's end of a connection and ours. */
    private record Peer(String remote, int remotePort, int port) {
        static Peer of(HttpConnection connection) {
            SocketAddress remote = connection.remoteAddress(/* real= */ true);
            return new Peer(
                    String.valueOf(remote.hostAddress()),
                    remote.port(),
                    connection.localAddress(/* real= */ true).port());
        }

        static Optional<Peer> of(Channel channel) {
            return channel.remoteAddress() instanceof InetSocketAddress remote
                            && channel.localAddress() instanceof InetSocketAddress local
                    ? Optional.of(new Peer(remote.getAddress().getHostAddress(), remote.getPort(), local.getPort()))
                    : Optional.empty();
        }
    }

    /** A Vert.x with such a transport, on the native one where there is one. */
    public static Vertx build(VertxBuilder builder) {
        var entrance = new Entrance();
        return entrance.into(builder.withTransport(entrance.new Watching(UnaryOperator.identity()))
                .build());
    }

    /** As {@link #build}, clustered. */
    public static Future<Vertx> buildClustered(VertxBuilder builder) {
        return buildClustered(builder, UnaryOperator.identity());
    }

    /** The same with something around the transport. */
    public static Future<Vertx> buildClustered(
            VertxBuilder builder, UnaryOperator<io.vertx.core.spi.transport.Transport> around) {
        var entrance = new Entrance();
        return builder.withTransport(entrance.new Watching(around))
                .buildClustered()
                .map(entrance::into);
    }

    /** The entrance of that Vert.x; empty for one that was built otherwise. */
    static Optional<Entrance> of(Vertx vertx) {
        return Optional.ofNullable(
                vertx.sharedData().<String, Entrance>getLocalMap(MAP).get(MAP));
    }

    private Vertx into(Vertx vertx) {
        vertx.sharedData().<String, Entrance>getLocalMap(MAP).put(MAP, this);
        return vertx;
    }

    /** Guards the server that will be bound with these options; where there are limits, by them too. */
    void guard(HttpServerOptions options, Duration headTimeout, @Nullable ClientLimits limits) {
        open.merge(place(options), 1, Integer::sum);
        guards.put(place(options), new Guard(headTimeout, Optional.ofNullable(limits)));
    }

    /**
     * A server that was guarded is about to be closed. Once all at its place are, no connection is taken there: Vert.x
     * has no event loop for those that are still accepted, and logs each of them with a stack trace (vert.x#6087).
     */
    void shut(HttpServerOptions options) {
        open.computeIfPresent(place(options), (place, servers) -> servers == 1 ? null : servers - 1);
    }

    private static String place(NetServerOptions options) {
        return options.getHost() + ":" + options.getPort();
    }

    /**
     * Has somebody told, on the connection's event loop, when the client has sent all it will.
     *
     * @return to be called when the connection is closed
     */
    Runnable serve(HttpConnection connection, Runnable sentAll) {
        var peer = Peer.of(connection);
        served.put(peer, sentAll);
        return () -> served.remove(peer, sentAll);
    }

    private void sentAll(Channel channel) {
        var told = Peer.of(channel).map(served::get);
        if (told.isPresent()) {
            told.get().run();
        } else {
            var unused = channel.close();
        }
    }

    /** Does what the other transport does, and adds the watch to the servers that are guarded. */
    private io.vertx.core.spi.transport.Transport watching(io.vertx.core.spi.transport.Transport under) {
        return (io.vertx.core.spi.transport.Transport) Proxy.newProxyInstance(
                Entrance.class.getClassLoader(),
                new Class<?>[] {io.vertx.core.spi.transport.Transport.class},
                (proxy, method, arguments) -> {
                    try {
                        var result = method.invoke(under, arguments);
                        if (arguments != null && arguments[arguments.length - 1] instanceof ServerBootstrap bootstrap) {
                            watch((NetServerOptions) arguments[0], bootstrap);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void watch(NetServerOptions options, ServerBootstrap bootstrap) {
        String place = place(options);
        var guard = guards.get(place);
        if (options instanceof HttpServerOptions && guard != null) {
            bootstrap
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .childOption(
                            ChannelOption.RECVBUF_ALLOCATOR,
                            new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_AT_ONCE))
                    .handler(new Acceptor(
                            accepted -> !open.containsKey(place) || guard.refuses(accepted),
                            () -> new FirstHead(guard.headTimeout(), this::sentAll),
                            options.isSsl()));
        }
    }

    /** Puts a watch on every connection that is accepted. */
    @ChannelHandler.Sharable
    private static final class Acceptor extends ChannelInboundHandlerAdapter {
        private final Predicate<Channel> refused;
        private final Supplier<FirstHead> watch;
        private final boolean encrypted;

        private Acceptor(Predicate<Channel> refused, Supplier<FirstHead> watch, boolean encrypted) {
            this.refused = refused;
            this.watch = watch;
            this.encrypted = encrypted;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            var connection = (Channel) accepted;
            if (refused.test(connection)) {
                connection.unsafe().closeForcibly(); // as netty itself does with one that no event loop has yet
                return;
            }
            connection.pipeline().addLast(new FlushConsolidationHandler(FLUSHES_AT_ONCE, AFTER_THE_TURN));
            connection.pipeline().addLast(encrypted ? new TlsHead(watch) : watch.get());
            ctx.fireChannelRead(accepted);
        }
    }

    /** The transport that a builder of Vert.x takes. */
    private final class Watching implements Transport {
        private final Transport under = Objects.requireNonNullElse(Transport.nativeTransport(), Transport.NIO);
        private final UnaryOperator<io.vertx.core.spi.transport.Transport> around;

        private Watching(UnaryOperator<io.vertx.core.spi.transport.Transport> around) {
            this.around = around;
        }

        @Override
        public String name() {
            return under.name();
        }

        @Override
        public boolean available() {
            return under.available();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return under.unavailabilityCause();
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return around.apply(watching(under.implementation()));
        }
    }
}
