package dev.augur.bridge;

import dev.augur.access.Doorkeeper;
import dev.augur.error.Repeated;
import dev.augur.metrics.BridgeMeters;
import dev.augur.statement.HeardNodes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TCPSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import io.vertx.ext.web.handler.sockjs.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients of the event bus. Confined to one event loop. */
public final class BridgeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeVerticle.class);
    private static final int SILENT_SECONDS = 60;
    private static final int QUEUE_BYTES = 4 << 20;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    private final BridgeConfig config;
    private final Doorkeeper doorkeeper;
    private final BridgeMeters meters;
    private BridgeSession.Bus bus;
    private long unread;

    /** Those that are configured. */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public BridgeVerticle(BridgeConfig config, Doorkeeper doorkeeper, BridgeMeters meters) {
        this.config = config;
        this.doorkeeper = doorkeeper;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        var nodes = vertx.isClustered() ? new HeardNodes(vertx) : null;
        bus = new BridgeSession.Bus(vertx, nodes, config.limits(), new Gate(config.rules(), doorkeeper), meters);
        List<Future<?>> listening = new ArrayList<>();
        config.sockJs().ifPresent(with -> listening.add(listenSockJs(with)));
        config.tcpPort().ifPresent(port -> listening.add(listenTcp(port)));
        return Future.join(listening);
    }

    private Future<?> listenSockJs(BridgeConfig.SockJs with) {
        var limits = config.limits();
        var arrivals = new Arrivals(vertx, limits.connections(), limits.arrival());
        int bytes = limits.messageBytes();
        var options = new HttpServerOptions().setMaxWebSocketFrameSize(bytes).setMaxWebSocketMessageSize(bytes);
        options.setUseAlpn(false).setHttp2ClearTextEnabled(false); // WebSockets are of HTTP/1.1
        secure(options);
        var handler = new SockJSHandlerOptions();
        for (Transport other : Set.of(Transport.EVENT_SOURCE, Transport.HTML_FILE, Transport.JSON_P, Transport.XHR)) {
            handler.addDisabledTransport(other.name());
        }
        var router = Router.router(vertx);
        router.route().handler(ctx -> check(ctx, with.origins()));
        router.route("/eventbus/*")
                .subRouter(SockJSHandler.create(vertx, handler).socketHandler(socket -> {
                    arrivals.over(socket.routingContext().request().connection());
                    accept(socket);
                }));
        options.setHost(config.listener().host()).setPort(with.port());
        var server = vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    UnreadPongs.watch(connection, this::tellUnread);
                    arrivals.accept(connection);
                })
                .requestHandler(router);
        return server.listen();
    }

    private void tellUnread() {
        meters.message("too-slow");
        if (Repeated.tells(++unread)) {
            LOG.warn("bridge: a client that does not read its pongs was cut off ({} times so far)", unread);
        }
    }

    private Future<?> listenTcp(int port) {
        var options = new NetServerOptions().setHost(config.listener().host()).setPort(port);
        secure(options);
        var server = vertx.createNetServer(options).connectHandler(this::accept);
        return server.listen();
    }

    private void secure(TCPSSLOptions options) {
        options.setReadIdleTimeout(SILENT_SECONDS);
        config.listener().certificate().ifPresent(pair -> options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(pair.certificate().toString())
                        .addKeyPath(pair.key().toString())));
    }

    /** Pages of this server, programs, and pages that are listed. */
    private void check(RoutingContext ctx, Set<String> origins) {
        String origin = ctx.request().getHeader("Origin");
        boolean own = origin != null && origin.endsWith("//" + ctx.request().getHeader("Host"));
        if (origin != null && !own && !origins.contains(origin) && !origins.contains("*")) {
            ctx.response().setStatusCode(FORBIDDEN).end("pages of " + origin + " may not: event-bus.sockjs.origins");
        } else if (meters.connections() >= config.limits().connections()) {
            ctx.response()
                    .setStatusCode(UNAVAILABLE)
                    .putHeader("Retry-After", "1")
                    .end("too many connections");
        } else {
            ctx.next();
        }
    }

    private void accept(SockJSSocket socket) {
        var wire = new SockJsWire(socket, QUEUE_BYTES);
        var session = new BridgeSession(bus, wire);
        meters.opened();
        socket.handler(session::receive);
        socket.exceptionHandler(lost -> socket.close());
        socket.closeHandler(closed -> {
            meters.closed();
            session.end();
        });
    }

    private void accept(NetSocket socket) {
        if (meters.connections() >= config.limits().connections()) {
            socket.close();
            return;
        }
        var wire = new TcpWire(socket, config.limits().messageBytes(), QUEUE_BYTES);
        var session = new BridgeSession(bus, wire);
        meters.opened();
        wire.read(session::receive);
        socket.exceptionHandler(lost -> socket.close());
        socket.closeHandler(closed -> {
            meters.closed();
            session.end();
        });
    }
}
