package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.serving.HttpStatus;
import dev.augur.worker.WorkerPool;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Binds the HTTP port. Holds no logic of its own: requests come in and go out to {@link Services}. Several instances share the port,
 * each confined to one event loop.
 */
public final class RouterVerticle extends VerticleBase {
    private static final long LAST_REQUESTS_MILLIS = 100;
    private static final long POLL_MILLIS = 10;
    private static final long SWEEP_MILLIS = 250;
    private static final int JSON_QUEUE = 1_000;
    private static final int BACKLOG = 4_096;

    private final HttpConfig config;
    private final Services services;
    private final Supplier<Duration> drainTimeout;
    private HttpServer server;
    private Routes routes;

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public RouterVerticle(HttpConfig config, Services services, Supplier<Duration> drainTimeout) {
        this.config = config;
        this.drainTimeout = drainTimeout;
        this.services = services;
    }

    @Override
    public Future<?> start() {
        var limits = config.limits();
        var connections = new Connections(limits.connections(), limits.idleTimeout());
        String router = services.meters().connections(connections::count, connections::refused);
        var jsonWorkers = new WorkerPool(vertx, "augur-json-" + router, /* workers= */ 1, JSON_QUEUE);
        services.meters().pool(jsonWorkers);
        routes = new Routes(services, limits, connections, jsonWorkers);
        vertx.setPeriodic(SWEEP_MILLIS, tick -> routes.sweep());
        server = vertx.createHttpServer(options())
                .connectionHandler(connections::accept)
                .invalidRequestHandler(RouterVerticle::refuse)
                .requestHandler(routes.router(vertx));
        return server.listen().recover(this::cannotListen);
    }

    /**
     * Refuses new requests, waits for the answers of those in flight, then closes every connection. {@code HttpServer.shutdown} would also
     * wait for connections that have no request, and cannot be told to stop waiting.
     */
    @Override
    public Future<?> stop() {
        routes.refuseNew();
        Promise<Void> answered = Promise.promise();
        long end = System.nanoTime() + drainTimeout.get().toNanos();
        // What a client had sent before it could know is on its way to us: it gets its 503.
        vertx.setTimer(LAST_REQUESTS_MILLIS, later -> awaitAnswers(end, answered));
        return answered.future().transform(answers -> server.close()
                .transform(
                        closed -> answers.failed() ? Future.failedFuture(answers.cause()) : Future.succeededFuture()));
    }

    private void awaitAnswers(long endNanos, Promise<Void> answered) {
        if (routes.requests() == 0) {
            answered.complete();
        } else if (System.nanoTime() - endNanos > 0) {
            answered.fail(new TimeoutException(routes.requests() + " requests were not answered in time"));
        } else {
            vertx.setTimer(POLL_MILLIS, later -> awaitAnswers(endNanos, answered));
        }
    }

    /** The port that is bound; known once the verticle is deployed. */
    public int port() {
        return server.actualPort();
    }

    /** The routes that are served, as {@code METHOD path}. */
    public List<String> routes() {
        return routes.table().stream().map(Endpoint::toString).toList();
    }

    private HttpServerOptions options() {
        var listener = config.listener();
        // Instances that ask for "any port" get one each; a negative one is any port, the same for all of them.
        int port = listener.port() == 0 ? -1 : listener.port();
        // Connections knows a connection from its first request head on; until then Vert.x's own time-out must do. As
        // it
        // cannot tell a client that waits for its answer from one that sleeps, it has to be the longer one.
        var silence = config.limits().requestTimeout().plus(config.limits().idleTimeout());
        return new HttpServerOptions()
                .setHost(listener.host())
                .setPort(port)
                .setAcceptBacklog(BACKLOG)
                .setIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setPerFrameWebSocketCompressionSupported(
                        false) // there are no WebSockets, and it looks into every message
                .setPerMessageWebSocketCompressionSupported(false)
                .setTcpNoDelay(true);
    }

    /** Says which port it was: the failures of the transports do not. */
    private <T> Future<T> cannotListen(Throwable failure) {
        var listener = config.listener();
        return Future.failedFuture(new BindException(
                "port " + listener.port() + " on " + listener.host() + " cannot be bound: " + failure.getMessage()));
    }

    /** Answers what is no HTTP request, and closes the connection. */
    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        var failure = new ServingException(
                ErrorCode.INVALID_ARGUMENT,
                "not a valid HTTP request: " + request.decoderResult().cause().getMessage());
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(HttpStatus.body(FailureHandler.isProtocol(request.path()), failure)
                        .toBuffer());
        request.connection().close();
    }
}
