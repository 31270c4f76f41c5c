package dev.augur;

import static dev.augur.Deployments.inAnyCase;

import dev.augur.Deployments.Part;
import dev.augur.access.AccessVerticle;
import dev.augur.access.Doorkeeper;
import dev.augur.bridge.BridgeVerticle;
import dev.augur.bus.Addresses;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.Role;
import dev.augur.config.ServerConfig;
import dev.augur.console.ConsoleVerticle;
import dev.augur.console.Sources;
import dev.augur.consumer.Admission;
import dev.augur.consumer.InFlight;
import dev.augur.http.Backend;
import dev.augur.http.BundledFiles;
import dev.augur.http.ClientLimits;
import dev.augur.http.Face;
import dev.augur.http.NodeServices;
import dev.augur.http.Readiness;
import dev.augur.logview.LocalLog;
import dev.augur.logview.LogSources;
import dev.augur.membership.MembershipVerticle;
import dev.augur.membership.NodeName;
import dev.augur.membership.Nodes;
import dev.augur.metrics.Meters;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.statement.NodeStatement;
import dev.augur.time.StopClock;
import dev.augur.timeline.Timelines;
import dev.augur.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of Augur: deploys the verticles of its roles on a Vert.x that may be the caller's own, and undeploys them in
 * reverse. It never closes that Vert.x. Thread-safe.
 */
public final class Server {
    private final Vertx vertx;
    private final ServerConfig config;
    private final NodeName name;
    private final String node;
    private final ModelRegistry models = new ModelRegistry();
    private final Readiness readiness;
    private final Meters meters = new Meters();
    private final BusPredictionLog log;
    private final LogRole ledger;
    private final Backend.Memory memory;
    private final Recording recording;
    private final Deployments deployments;
    private final StopClock clock;
    private final PredictRole predict;
    private final Nodes nodes;
    private final HttpFaces faces;
    private final AddedRoutes added = new AddedRoutes();
    private final Timelines timelines = new Timelines();
    private Doorkeeper doorkeeper = Doorkeeper.OPEN;
    private @Nullable ConsoleVerticle console;
    private @Nullable MembershipVerticle membership;
    private Future<Void> loaded = Future.succeededFuture();

    private Server(Vertx vertx, ServerConfig config, boolean repair, NodeName name) {
        this.vertx = vertx;
        this.config = config;
        this.name = name;
        this.node = name.text();
        this.deployments = new Deployments(vertx);
        this.clock = new StopClock(config.shutdown().timeout());
        this.log = new BusPredictionLog(vertx, config.predictionLog(), has(Role.LOG), this::lively);
        this.ledger = has(Role.LOG) ? LogRole.of(config, meters, repair) : LogRole.none(meters);
        var limits = config.http().limits();
        this.memory = Backend.Memory.of(limits.bodyMemoryBytes(), limits.answerMemoryBytes());
        var records = config.predictionLog().records();
        this.recording = new Recording(
                log, node, model -> config.models().of(model).delivery(), records.maxTensorBytes(), records.patience());
        var inFlight = new InFlight(config.eventBus().maxRequests());
        this.predict = new PredictRole(
                config,
                models,
                recording,
                new Admission(inFlight, memory.bodies(), config.eventBus().limits(), meters));
        this.faces = new HttpFaces(config);
        this.readiness = NodeReadiness.of(config, models, log);
        this.nodes = new Nodes(config.membership(), vertx.isClustered(), description());
        meters.memory(memory.bodies()::takenBytes, memory.answers()::takenBytes, memory.blocks()::bytes);
        meters.predictionLog(log);
        meters.models(models, config.telemetry().tritonNames());
        Tracing.of(vertx).ifPresent(tracing -> timelines.trace(tracing.stages()));
        meters.ready(readiness::ready);
        meters.cluster(nodes, () -> ClusteredVertx.unread(vertx));
        meters.build(version(), node);
    }

    /**
     * Starts a node. Done when it serves, with every model that can be loaded; fails when a port, a directory or the
     * ledger cannot be used, and leaves nothing behind then.
     *
     * @param vertx clustered if the configuration's roles need other nodes
     */
    public static Future<Server> start(Vertx vertx, ServerConfig config) {
        return start(vertx, config, /* repair= */ false);
    }

    /**
     * Starts a node as {@link #start(Vertx, ServerConfig)} does; with {@code repair}, damaged files of the ledger are
     * moved aside.
     */
    public static Future<Server> start(Vertx vertx, ServerConfig config, boolean repair) {
        return listen(vertx, config, repair).compose(server -> server.loaded().map(server));
    }

    /**
     * As {@link #start(Vertx, ServerConfig, boolean)}, but done when HTTP answers: models are loaded and served from
     * then on.
     */
    public static Future<Server> listen(Vertx vertx, ServerConfig config, boolean repair) {
        return NodeName.claim(vertx, config.dataDirectory())
                .compose(name -> new Server(vertx, config, repair, name).listen());
    }

    private Future<Server> listen() {
        return ledger.deploy(deployments)
                .compose(done -> deployAccess())
                .compose(done -> deployPrediction())
                .compose(done -> deployRoutes())
                .compose(done -> deployConsumers())
                .compose(done -> ledger.deployConsumers(deployments, log, nodes))
                .compose(done -> deployBridge())
                .compose(done -> deployConsole())
                .compose(done -> deployHttp())
                .compose(done -> deployMembership().map(this::load))
                .recover(failure -> deployments.undeployAll().transform(undone -> {
                    name.release();
                    return Future.failedFuture(failure);
                }));
    }

    private Server load(MembershipVerticle members) {
        loaded = predict.load().onComplete(done -> readiness.started()).eventually(members::sayAtOnce);
        return this;
    }

    /** Done when each of the models that were there at the start is served, or cannot be, and others were told. */
    public Future<Void> loaded() {
        return loaded;
    }

    /**
     * Stops this node: reports "not ready", leaves the addresses of the event bus, pauses, accepts nothing new,
     * finishes what runs, flushes the prediction log, unloads the models. Takes about {@code shutdown.timeout} at most
     * after the pause; fails, once everything is stopped, when something was not finished by then, and says what.
     */
    public Future<Void> stop() {
        readiness.drain();
        if (membership != null) {
            membership.say();
        }
        predict.deregister();
        boolean asked = has(Role.HTTP) || (nodes.clustered() && has(Role.PREDICT));
        return pause(asked ? config.shutdown().pause() : Duration.ZERO)
                .onSuccess(paused -> clock.start())
                .compose(paused -> inAnyCase(List.of(
                        () -> deployments.undeploy(Part.HTTP),
                        () -> deployments.undeploy(Part.BRIDGE),
                        () -> deployments.undeploy(Part.CONSUMERS),
                        () -> log.drain(clock.leftButFor(10).get()),
                        deployments::undeployAll)))
                .onComplete(stopped -> name.release());
    }

    /** The address of the HTTP server; empty before it listens. */
    public Optional<String> url() {
        return faces.url();
    }

    /** The address for those who look after this node; empty where it is none of its own ({@code management.port}). */
    public Optional<String> managementUrl() {
        return faces.managementUrl();
    }

    /** The routes served, each as {@code METHOD path}. */
    public List<String> routes() {
        return faces.routes();
    }

    /** The models of this node. */
    public ModelRegistry models() {
        return models;
    }

    /** Where this node writes the prediction log; empty on a node that does not. */
    public Optional<Path> logFolder() {
        return ledger.folder();
    }

    /** This node and, in a cluster, the others. */
    public Nodes nodes() {
        return nodes;
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

    private Future<?> deployAccess() {
        if (!config.access().isChecked()) {
            return Future.succeededFuture();
        }
        var verticle = new AccessVerticle(config.access());
        doorkeeper = verticle;
        return deployments.deploy(Part.ACCESS, () -> verticle, 1);
    }

    private Future<?> deployPrediction() {
        return has(Role.PREDICT) ? predict.deploy(deployments, clock.leftButFor(0)) : Future.succeededFuture();
    }

    private Future<?> deployConsumers() {
        return has(Role.PREDICT)
                ? predict.deployConsumers(deployments, node, clock.leftButFor(20))
                : Future.succeededFuture();
    }

    private Future<?> deployBridge() {
        var bridge = config.eventBus().bridge();
        return bridge.isOn()
                ? deployments.deploy(Part.BRIDGE, () -> new BridgeVerticle(bridge, doorkeeper, meters.bridge()), 1)
                : Future.succeededFuture();
    }

    private Future<?> deployRoutes() {
        var prediction = predict.service();
        var services = new NodeServices(
                node, prediction.predictor(), prediction.pipelines(), recording, meters, clock.leftButFor(0));
        return added.deploy(deployments, has(Role.HTTP) ? config.routes() : List.of(), services);
    }

    /** Where nobody can open it, there is none. */
    private Future<?> deployConsole() {
        if (!has(Role.HTTP) || !config.console().enabled()) {
            return Future.succeededFuture();
        }
        var sources = new Sources(
                timelines,
                meters,
                models,
                log,
                ledger.verticle(),
                config.predictionLog().records().redact(),
                new Sources.Node(node, version()));
        var verticle = new ConsoleVerticle(config.console(), sources);
        console = verticle;
        return deployments.deploy(Part.CONSOLE, () -> verticle, 1);
    }

    private Future<?> deployHttp() {
        var backend = new Backend(
                predict.service(),
                predict.control(),
                new LogSources(
                        vertx, nodes, localLog(), config.predictionLog().query().patience()),
                new Backend.NodeStatus(readiness, meters, version(), timelines, nodes),
                memory,
                new Backend.Surface(
                        added.routes(),
                        Face.ALL,
                        new BundledFiles(),
                        doorkeeper,
                        Optional.ofNullable(console),
                        config.routing(),
                        config.http().clients().limited()
                                ? Optional.of(new ClientLimits(config.http(), meters.clients()))
                                : Optional.empty()));
        return faces.deploy(deployments, backend, clock.leftButFor(30))
                .compose(listening -> faces.deployPeers(deployments, backend, clock.leftButFor(30)))
                .compose(listening -> faces.followCertificate(deployments, backend));
    }

    private List<String> lively() {
        return nodes.lively();
    }

    private Optional<LocalLog> localLog() {
        return ledger.local(log, node);
    }

    private Future<MembershipVerticle> deployMembership() {
        var verticle = new MembershipVerticle(config.membership(), nodes, models);
        membership = verticle;
        return deployments.deploy(Part.MEMBERSHIP, () -> verticle, 1).map(done -> verticle);
    }

    private SelfDescription description() {
        return new SelfDescription(
                node,
                config.roles(),
                models,
                new SelfDescription.Parts(
                        this::url,
                        faces::peersPlace,
                        has(Role.PREDICT)
                                ? Optional.of(new NodeStatement.BusPlace(
                                        Addresses.node(node),
                                        config.membership().silence()))
                                : Optional.empty(),
                        () -> logFolder().map(folder -> String.valueOf(folder.getFileName())),
                        readiness::draining,
                        predict::served));
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
