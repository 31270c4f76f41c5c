package dev.augur.http;

import dev.augur.time.Drain;
import dev.augur.time.Watch;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds the HTTP port. Holds no logic of its own: requests come in and go out to {@link Backend}. Several instances
 * share the port, each confined to one event loop.
 */
public final class RouterVerticle extends VerticleBase {
    private static final long LAST_REQUESTS_MILLIS = 100;
    private static final long SWEEP_MILLIS = 250;
    private static final int JSON_QUEUE = 1_000;
    private static final int CHUNK_BYTES = 1 << 16; // as much as one read gives
    private static final int BACKLOG = 4_096;

    private final HttpConfig config;
    private final Backend backend;
    private final Supplier<Duration> drainTimeout;
    private HttpServer server;
    private volatile int port;
    private Runnable shut = () -> {};
    private Routes routes;
    private Watch sweeping;
    private @Nullable Peers peers;

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public RouterVerticle(HttpConfig config, Backend backend, Supplier<Duration> drainTimeout) {
        this.config = config;
        this.drainTimeout = drainTimeout;
        this.backend = backend;
    }

    /** Whether the files of TLS can be used: fails with the file and what is wrong with it. */
    public static Future<?> checkCertificates(Vertx vertx, HttpConfig config) {
        return new Encryption(vertx, config, "augur-tls-check", () -> {}).into(new HttpServerOptions());
    }

    @Override
    public Future<?> start() {
        var limits = config.limits();
        var entrance = Entrance.of(vertx).orElse(null);
        var connections = new Connections(limits.connections(), limits.idleTimeout(), entrance);
        String router =
                backend.status().meters().connections(connections::count, connections::refused, connections::unread);
        var jsonWorkers = new WorkerPool(vertx, "augur-json-" + router, /* workers= */ 1, JSON_QUEUE);
        backend.status().meters().pool(jsonWorkers);
        peers = peers();
        var workers = new Routes.Workers(
                jsonWorkers, new WorkerPool(vertx, "augur-metrics-" + router, /* workers= */ 1, /* queue= */ 0), peers);
        routes = new Routes(backend, config, connections, workers);
        routes.streams().ifPresent(streams -> streams.join(context));
        routes.showAll();
        backend.status().meters().eventLoop(vertx, connections::used);
        sweeping = sweeping(connections);
        var encryption = new Encryption(
                vertx, config, "augur-tls-" + router, backend.status().meters().tls()::httpFailed);
        Future<?> ready = peers == null ? Future.succeededFuture() : peers.open(jsonWorkers);
        return ready.compose(open -> encryption.into(options(config.listener().port())))
                .compose(options -> listen(connections, entrance, options))
                .onSuccess(listening -> {
                    port = server.actualPort();
                    if (backend.surface().face() != Face.PEERS) { // whose files PeerCertificateVerticle follows
                        encryption.follow(server);
                    }
                });
    }

    /** What nodes that are asked need is looked after always; else while there are connections. */
    private Watch sweeping(Connections connections) {
        var watch = new Watch(
                context,
                Duration.ofMillis(SWEEP_MILLIS),
                () -> peers != null
                        || connections.count() > 0
                        || backend.memory().blocks().bytes() > 0,
                routes::sweep);
        watch.wake();
        return watch;
    }

    private @Nullable String namePeersSee() {
        return backend.surface().face() == Face.PEERS
                ? backend.status().nodes().self().node()
                : null;
    }

    private @Nullable Peers peers() {
        var nodes = backend.status().nodes();
        boolean asks = nodes.clustered() && backend.surface().face().serves();
        return asks
                ? new Peers(
                        vertx,
                        nodes,
                        backend.surface().routing(),
                        backend.memory().blocks(),
                        backend.status().meters().routing())
                : null;
    }

    /** Where there are further ports, the next one is taken if another node has this one. */
    private Future<?> listen(Connections connections, @Nullable Entrance entrance, HttpServerOptions options) {
        int port = options.getPort();
        if (entrance != null) {
            entrance.guard(
                    options,
                    config.heads().timeout(),
                    backend.surface().limits().orElse(null));
            shut = () -> entrance.shut(options);
        }
        server = vertx.createHttpServer(options)
                .connectionHandler(connection -> {
                    connections.accept(connection);
                    sweeping.wake();
                })
                .invalidRequestHandler(new InvalidRequests(vertx, config.heads(), namePeersSee()))
                .requestHandler(routes.router(vertx));
        boolean another =
                port > 0 && port < config.listener().port() + config.listener().further();
        return server.listen().<Object>map(listening -> listening).recover(failure -> {
            shut.run();
            return another
                    ? listen(connections, entrance, new HttpServerOptions(options).setPort(port + 1))
                            .map(listening -> listening)
                    : cannotListen(failure);
        });
    }

    /** The address to ask; of no use before it listens. May be called on any thread. */
    public String url() {
        return (config.security().tls().isPresent() ? "https://" : "http://")
                + config.listener().inUrl() + ":" + port + config.basePath();
    }

    /**
     * Refuses new requests, waits for the answers of those in flight, then closes every connection.
     * {@code HttpServer.shutdown} would also wait for connections that have no request, and cannot be told to stop
     * waiting.
     */
    @Override
    public Future<?> stop() {
        routes.refuseNew();
        // What a client had sent before it could know is on its way to us: it gets its 503.
        return vertx.timer(LAST_REQUESTS_MILLIS)
                .compose(later -> Drain.of(context, drainTimeout.get(), "requests were not answered", routes::requests))
                .eventually(() -> {
                    shut.run();
                    return server.close();
                })
                .eventually(() -> peers == null
                        ? Future.succeededFuture()
                        : peers.client().close());
    }

    /** The port that is bound; 0 until it is. May be called on any thread. */
    public int port() {
        return port;
    }

    /**
     * Has other nodes shown this certificate on new connections, where there are some. May be called on any thread,
     * once this is deployed.
     */
    public Future<?> show(PeerCertificate certificate) {
        if (backend.surface().face() == Face.PEERS) {
            return server.updateSSLOptions(certificate.server(config.heads().timeout()));
        }
        return peers != null && peers.client() instanceof HttpClientAgent client
                ? client.updateSSLOptions(certificate.client())
                : Future.succeededFuture();
    }

    /** The routes that are served, as {@code METHOD path}. */
    public List<String> routes() {
        return routes.table().stream().map(Endpoint::toString).toList();
    }

    private HttpServerOptions options(int listenerPort) {
        var listener = config.listener();
        // Instances that ask for "any port" get one each; a negative one is any port, the same for all of them.
        int port = listenerPort == 0 ? backend.surface().face().anyPort() : listenerPort;
        // Connections watches a connection from its first request on, and takes this time-out off one of HTTP/1, which
        // cannot tell a client that waits for its answer from one that sleeps.
        var silence = config.limits().requestTimeout().plus(config.limits().idleTimeout());
        return new HttpServerOptions()
                .setHost(listener.host())
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxInitialLineLength(config.heads().lineBytes())
                .setMaxHeaderSize(config.heads().headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(HttpServerOptions.DEFAULT_INITIAL_SETTINGS_MAX_CONCURRENT_STREAMS)
                        .setMaxHeaderListSize(2L * config.heads().headerBytes()))
                .setPerFrameWebSocketCompressionSupported(
                        false) // there are no WebSockets, and it looks into every message
                .setPerMessageWebSocketCompressionSupported(false)
                .setHttp2ClearTextEnabled(config.security().cleartextHttp2())
                .setTcpNoDelay(true);
    }

    /** Says which port it was: the failures of the transports do not. */
    private <T> Future<T> cannotListen(Throwable failure) {
        var listener = config.listener();
        return Future.failedFuture(new BindException(
                "port " + listener.port() + " on " + listener.inUrl() + " cannot be bound: " + failure.getMessage()));
    }
}
