package dev.augur.http;

import dev.augur.access.Scope;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.metrics.Meters;
import dev.augur.openapi.ApiDocument;
import dev.augur.openapi.ApiRoute;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.Headers;
import dev.augur.request.HttpStatus;
import dev.augur.time.Deadlines;
import dev.augur.tracing.Tracing;
import dev.augur.worker.JsonWork;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of routes, and the router made of it. Confined to one event loop. */
final class Routes {
    private final Backend backend;
    private final HttpConfig config;
    private final @Nullable AccessLog accessLog;
    private final HttpConfig.Limits limits;
    private final Connections connections;
    private final Deadlines<RoutingContext> bodies;
    private final Deadlines<RoutingContext> answers;
    private final Outlet outlet;
    private final Workers workers;
    private final JsonWork work;
    private final Recorder records;
    private final RequestRecorder recorder;
    private final HeadCheck head;
    private final RequestNames names = new RequestNames();
    private final @Nullable String strictTransport;
    private final @Nullable PathPrefix basePath;
    private final @Nullable ClientGate gate; // none where there are no limits of one client
    private final @Nullable AccessCheck access; // none where everybody may ask
    private final @Nullable ConsoleStreams streams;
    private final ServerRoutes serverRoutes;
    private final List<Endpoint> table;
    private final List<ApiRoute> described;

    /**
     * What works for one router.
     *
     * @param json for large JSON
     * @param scrapes for {@code /metrics}, which must not wait for that
     * @param peers the other nodes; {@code null} where there are none to ask
     */
    record Workers(WorkerPool json, WorkerPool scrapes, @Nullable Peers peers) {}

    Routes(Backend backend, HttpConfig config, Connections connections, Workers workers) {
        this.backend = backend;
        this.config = config;
        this.limits = config.limits();
        this.connections = connections;
        this.bodies = Deadlines.within(
                limits.bodyTimeout(), ErrorCode.REQUEST_TIMEOUT, "the body did not arrive", this::refuse);
        this.answers = Deadlines.within(
                limits.requestTimeout(), ErrorCode.DEADLINE_EXCEEDED, "there was no answer", RoutingContext::fail);
        this.accessLog = config.accessLog() == 0
                ? null
                : new AccessLog(
                        config.accessLog(), config.proxies(), backend.status().meters());
        this.outlet = new Outlet(backend.memory().answers(), limits.writeTimeout(), connections);
        this.workers = workers;
        this.work = new JsonWork(workers.json(), limits.eventLoopBytes());
        this.records = new Recorder(backend.prediction().recording(), work);
        this.recorder = new RequestRecorder(
                records, backend.prediction().pipelines(), backend.status().timelines());
        this.gate = backend.surface().limits().map(ClientGate::new).orElse(null);
        var doorkeeper = backend.surface().doorkeeper();
        this.access = doorkeeper.isChecked()
                ? new AccessCheck(doorkeeper, backend.status().meters().access(), gate)
                : null;
        // Where not everybody may ask, what nobody may be asked for yet leaves no record.
        this.head = new HeadCheck(config.heads(), access == null ? recorder::undecodable : ctx -> {});
        this.strictTransport = config.security().strictTransport().orElse(null);
        this.basePath = config.basePath().isEmpty() ? null : new PathPrefix(config.basePath());
        this.streams = backend.surface()
                .console()
                .filter(console -> backend.surface().face().operates())
                .map(console -> new ConsoleStreams(console, outlet, config.basePath()))
                .orElse(null);
        this.serverRoutes =
                new ServerRoutes(backend, limits, bodies, new ServerRoutes.Tools(work, workers, records, recorder));
        this.table = makeTable();
        this.described = table.stream()
                .filter(endpoint -> !Pages.has(endpoint))
                .map(this::described)
                .toList();
    }

    /** The streams of the console; nothing where there is none. */
    Optional<ConsoleStreams> streams() {
        return Optional.ofNullable(streams);
    }

    /** Every route of this node. */
    List<Endpoint> table() {
        return table;
    }

    private List<Endpoint> makeTable() {
        var builtIn = serverRoutes.table();
        var face = backend.surface().face();
        var served = new ArrayList<>(
                builtIn.stream().filter(endpoint -> face.has(endpoint.path())).toList());
        if (!face.serves()) {
            return served;
        }
        if (streams != null) {
            served.add(Endpoint.get("/console/stream", streams));
            served.add(
                    serverRoutes.post("/console/runs", BodyContent.json(), RunRequest.MAX_BODY_BYTES, streams.runs()));
            served.addAll(Pages.console(shelf()));
        }
        served.addAll(Pages.table(config, shelf(), new DocumentHandler(this::document, workers.json())));
        var all = new OwnRoutes(served);
        backend.surface().own().forEach(route -> all.add(own(route)));
        return all.all();
    }

    private FileHandler.Shelf shelf() {
        return new FileHandler.Shelf(backend.surface().files(), workers.json());
    }

    private ApiDocument document() {
        var prediction = backend.prediction();
        return ApiDocument.of(backend.status().version(), described, prediction.models(), prediction.pipelines());
    }

    private ApiRoute described(Endpoint endpoint) {
        var route = ApiRoute.of(endpoint.method().name(), endpoint.template(), endpoint.operation());
        return access == null
                ? route
                : endpoint.scope().map(scope -> route.needing(scope.text())).orElse(route);
    }

    /** Has the meters of every route begin at 0. */
    void showAll() {
        table.forEach(endpoint -> backend.status().meters().expect(endpoint.path(), endpoint.statuses()));
        backend.status().meters().expect(Exchange.UNMATCHED, Set.of(400, 404, 405));
    }

    /** The router: the table, OPTIONS and 405 on its paths, 404 for every other path. */
    Router router(Vertx vertx) {
        var router = Router.router(vertx);
        var failures = new FailureHandler(backend.status().meters());
        if (basePath != null) {
            router.route().handler(basePath);
        }
        var every = router.route(); // one route, whose handlers follow each other without a look at the path
        every.handler(this::observe).failureHandler(told(orOptions(failures)));
        if (!config.cors().origins().isEmpty()) {
            every.handler(new Cors(config.cors()));
        }
        if (basePath != null) {
            every.handler(basePath::require);
        }
        if (backend.surface().face() == Face.PEERS) {
            every.handler(new PeerGate(backend.status().nodes().self()));
        }
        every.handler(new CrossSite(config.cors().origins()));
        every.handler(this::admit);
        List.of(400, 500)
                .forEach(status -> router.errorHandler(status, told(failures))); // what fails before any route matches
        var methods = new LinkedHashMap<String, Set<HttpMethod>>();
        var tracing = Tracing.of(vertx).orElse(null);
        for (Endpoint endpoint : table) {
            if (tracing != null) {
                router.route(endpoint.path()).handler(ctx -> {
                    tracing.routed(ctx.request().method().name(), endpoint.path());
                    ctx.next();
                });
            }
            serve(router, endpoint);
            methods.computeIfAbsent(endpoint.path(), path -> new LinkedHashSet<>())
                    .addAll(endpoint.methods());
        }
        methods.forEach((path, served) -> router.route(path).handler(new OtherMethods(served)));
        if (gate != null) {
            router.route().handler(gate);
        }
        router.route().handler(ctx -> {
            throw new ServingException(ErrorCode.NOT_FOUND, "Not Found");
        });
        return router;
    }

    /**
     * {@code OPTIONS *} asks what the server can do on any path; the router takes only targets that begin with a slash.
     */
    private Handler<RoutingContext> orOptions(Handler<RoutingContext> failures) {
        var anywhere = new OtherMethods(table().stream()
                .flatMap(endpoint -> endpoint.methods().stream())
                .distinct()
                .toList());
        return ctx -> {
            var request = ctx.request();
            boolean asked = request.method().equals(HttpMethod.OPTIONS) && "*".equals(request.uri());
            (asked ? anywhere : failures).handle(ctx);
        };
    }

    private void serve(Router router, Endpoint endpoint) {
        var route = router.route(endpoint.path());
        endpoint.methods().forEach(route::method);
        route.handler(ctx -> {
            Exchange.of(ctx).matched(endpoint.path());
            ctx.next();
        });
        if (access != null) {
            endpoint.scope().map(access::of).ifPresent(route::handler);
        }
        if (gate != null && endpoint.scope().isPresent()) { // health is told to whoever probes
            route.handler(gate);
        }
        endpoint.handlers().forEach(route::handler);
    }

    /** Takes no request any more; those whose body is still on its way are refused. */
    void refuseNew() {
        connections.refuseNew();
        bodies.failAll(stopping());
        serverRoutes.endAll();
        if (streams != null) {
            streams.endAll();
        }
    }

    /** Requests that have no complete answer yet. */
    int requests() {
        return connections.requests();
    }

    /** Ends what has been idle, uploading or unanswered for too long; called now and then. */
    void sweep() {
        connections.sweep();
        bodies.sweep();
        answers.sweep();
        outlet.sweep();
        backend.memory().blocks().sweep();
        if (workers.peers() != null) {
            workers.peers().sweep();
        }
    }

    private <Q, A> Endpoint own(Route<Q, A> route) {
        var handler = new RouteHandler<>(route, work);
        var handlers = route.method().equals(HttpMethod.GET)
                ? List.<Handler<RoutingContext>>of(handler)
                : List.of(BodyContent.json(), serverRoutes.body(limits.bodyBytes()), handler);
        var endpoint = new Endpoint(route.method(), route.path(), handlers)
                .needs(Scope.PREDICT)
                .telling(route.operation());
        var recorded =
                route.recordedAs().map(recorder::own).map(endpoint::behind).orElse(endpoint);
        return route.predicts()
                ? recorded.behind(recorder.timed(route.recordedAs().orElse(null)))
                : recorded;
    }

    private void observe(RoutingContext ctx) {
        var connection = ctx.request().connection();
        if (!connections.accepted(connection)) {
            return; // it is being closed
        }
        var exchange = Exchange.begin(ctx, backend.memory().bodies(), outlet);
        connections.requestBegan(ctx.request());
        var wait = answers.begin(ctx);
        exchange.limitedUntil(wait::end);
        exchange.gone().onComplete(over -> {
            wait.end();
            connections.requestEnded(connection);
            int status = over.succeeded() ? over.result() : HttpStatus.of(ErrorCode.CANCELLED);
            backend.status()
                    .meters()
                    .request(
                            new Meters.Asked(
                                    exchange.route(),
                                    Headers.traceParent(ctx.request().headers()),
                                    exchange.timeline()),
                            status,
                            exchange.nanos());
            if (accessLog != null) {
                accessLog.ended(ctx, status);
            }
        });
        exchange.requestId(names.of(ctx.request()));
        tell(ctx, exchange.requestId());
        outlet.whenRead(ctx, ctx::next);
    }

    private void tell(RoutingContext ctx, String requestId) {
        var headers = ctx.response().headers();
        RequestNames.tell(headers, requestId);
        if (strictTransport != null) {
            headers.set("Strict-Transport-Security", strictTransport);
        }
    }

    /** For what fails before any route matches, and so without an exchange. */
    private Handler<RoutingContext> told(Handler<RoutingContext> failures) {
        return ctx -> {
            if (Exchange.of(ctx) == null) {
                tell(ctx, names.of(ctx.request()));
            }
            failures.handle(ctx);
        };
    }

    private void admit(RoutingContext ctx) {
        if (backend.status().readiness().draining() && ctx.request().version() != HttpVersion.HTTP_2) {
            ctx.response()
                    .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE); // clients go elsewhere with the next one
        }
        if (connections.closing()) {
            refuse(ctx, stopping());
            return;
        }
        head.handle(ctx);
    }

    /** Refuses what is not begun. A node that stops has others ask elsewhere. */
    private void refuse(RoutingContext ctx, ServingException why) {
        if (backend.surface().face() == Face.PEERS && connections.closing()) {
            PeerGate.untaken(ctx, why);
        } else {
            ctx.fail(why);
        }
    }

    private static ServingException stopping() {
        return new ServingException(ErrorCode.NOT_READY, "this node is stopping");
    }
}
