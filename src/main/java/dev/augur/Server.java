package dev.augur;

import static dev.augur.Deployments.inAnyCase;

import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.http.Readiness;
import dev.augur.http.RouterVerticle;
import dev.augur.http.Services;
import dev.augur.inference.ModelRegistry;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.ledger.Cursors;
import dev.augur.predictionlog.ledger.LedgerOptions;
import dev.augur.serving.BodyMemory;
import dev.augur.serving.Recording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A node of Augur: deploys the verticles of its roles on a Vert.x that may be the caller's own, and undeploys them in reverse. It never
 * closes that Vert.x. Thread-safe.
 */
public final class Server {
    private final Vertx vertx;
    private final ServerConfig config;
    private final boolean repair;
    private final String node = "node-" + UUID.randomUUID().toString().substring(0, 8);
    private final ModelRegistry models = new ModelRegistry();
    private final Readiness readiness = new Readiness();
    private final Meters meters = new Meters();
    private final BusPredictionLog log;
    private final BodyMemory bodyMemory;
    private final Recording recording;
    private final Deployments deployments;
    private final StopClock clock;
    private final PredictRole predict;
    private final List<RouterVerticle> routers = new CopyOnWriteArrayList<>();
    private @Nullable PredictionLogVerticle logVerticle;

    private Server(Vertx vertx, ServerConfig config, boolean repair) {
        this.vertx = vertx;
        this.config = config;
        this.repair = repair;
        this.deployments = new Deployments(vertx);
        this.clock = new StopClock(config.shutdown().timeout());
        this.log = new BusPredictionLog(vertx, config.predictionLog(), has(Role.LOG));
        this.bodyMemory = new BodyMemory(config.http().limits().bodyMemoryBytes());
        var records = config.predictionLog().records();
        this.recording = new Recording(log, node, config.models(), records.maxTensorBytes(), records.patience());
        this.predict = new PredictRole(config, new PredictRole.Surroundings(models, meters, bodyMemory, recording));
        meters.bodyMemory(bodyMemory::takenBytes);
        meters.predictionLog(log);
        meters.models(models);
    }

    /**
     * Starts a node. Done when it serves; fails when a port, a directory or the ledger cannot be used, and leaves nothing behind then.
     *
     * @param vertx clustered if the configuration's roles need other nodes
     */
    public static Future<Server> start(Vertx vertx, ServerConfig config) {
        return start(vertx, config, /* repair= */ false);
    }

    /** Starts a node as {@link #start(Vertx, ServerConfig)} does; with {@code repair}, damaged files of the ledger are moved aside. */
    public static Future<Server> start(Vertx vertx, ServerConfig config, boolean repair) {
        var server = new Server(vertx, config, repair);
        return server.deployLog()
                .compose(done -> server.deployPrediction())
                .compose(done -> server.deployHttp())
                .map(done -> {
                    server.readiness.enter(Readiness.Stage.READY);
                    return server;
                })
                .recover(failure -> server.deployments.undeployAll().transform(undone -> Future.failedFuture(failure)));
    }

    /**
     * Stops this node: reports "not ready", leaves the addresses of the event bus, pauses, accepts nothing new, finishes what runs, flushes
     * the prediction log, unloads the models. Takes about {@code shutdown.timeout} at most after the pause; fails, once everything is stopped, when something was not
     * finished by then, and says what.
     */
    public Future<Void> stop() {
        readiness.enter(Readiness.Stage.DRAINING);
        predict.deregister();
        return pause(has(Role.HTTP) ? config.shutdown().pause() : Duration.ZERO)
                .onSuccess(paused -> clock.start())
                .compose(paused -> inAnyCase(
                        undeployLastFor(Role.HTTP),
                        () -> inAnyCase(
                                undeployLastFor(Role.PREDICT),
                                () -> inAnyCase(log.drain(clock.leftButFor(10).get()), deployments::undeployAll))));
    }

    /** What takes requests was deployed last: HTTP after the consumers of the event bus. */
    private Future<Void> undeployLastFor(Role role) {
        return has(role) ? deployments.undeployLast() : Future.succeededFuture();
    }

    /** The address of the HTTP server; empty on a node without it. */
    public Optional<String> url() {
        return routers.stream()
                .findFirst()
                .map(router -> "http://" + config.http().listener().host() + ":" + router.port());
    }

    /** The routes served, each as {@code METHOD path}. */
    public List<String> routes() {
        return routers.stream().findFirst().map(RouterVerticle::routes).orElse(List.of());
    }

    /** The models of this node. */
    public ModelRegistry models() {
        return models;
    }

    /** Where this node writes the prediction log; empty on a node that does not. */
    public Optional<Path> logFolder() {
        return Optional.ofNullable(logVerticle).map(PredictionLogVerticle::folder);
    }

    /** This node's name. */
    public String node() {
        return node;
    }

    /** The version of Augur, from the jar. */
    public static String version() {
        var version = Server.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private Future<?> deployLog() {
        if (!has(Role.LOG)) {
            return Future.succeededFuture();
        }
        var options = new LedgerOptions(repair, Cursors.NONE);
        var verticle = new PredictionLogVerticle(config.predictionsDirectory(), config.predictionLog(), options);
        logVerticle = verticle;
        meters.ledger(verticle);
        return deployments.deploy(() -> verticle, 1).onSuccess(deployed -> {
            verticle.followers().forEach(meters::sink);
            meters.pool(verticle.reader().workers());
        });
    }

    private Future<?> deployPrediction() {
        return has(Role.PREDICT)
                ? predict.deploy(vertx, deployments, clock.leftButFor(0))
                        .compose(done -> predict.deployConsumers(deployments, clock.leftButFor(20)))
                : Future.succeededFuture();
    }

    private Future<?> deployHttp() {
        if (!has(Role.HTTP)) {
            return Future.succeededFuture();
        }
        var services = new Services(
                predict.tutorial(),
                predict.predictor(),
                models,
                predict.pipelines(),
                predict.control(),
                Optional.ofNullable(logVerticle).map(verticle -> new Services.Recorded(verticle.reader(), log, node)),
                readiness,
                meters,
                bodyMemory,
                recording,
                version());
        return deployments.deploy(
                () -> {
                    var router = new RouterVerticle(config.http(), services, clock.leftButFor(30));
                    routers.add(router);
                    return router;
                },
                config.http().listener().instances());
    }

    private Future<Void> pause(Duration time) {
        return time.isZero()
                ? Future.succeededFuture()
                : vertx.timer(time.toMillis()).mapEmpty();
    }

    private boolean has(Role role) {
        return config.roles().contains(role);
    }
}
