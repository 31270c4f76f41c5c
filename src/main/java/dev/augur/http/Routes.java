package dev.augur.http;

import dev.augur.demo.Tutorial;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.serving.Deadlines;
import dev.augur.serving.HttpStatus;
import dev.augur.serving.InferencePath;
import dev.augur.serving.JsonWork;
import dev.augur.serving.PipelinePath;
import dev.augur.serving.Recorder;
import dev.augur.worker.WorkerPool;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of routes, and the router made of it. Confined to one event loop. */
final class Routes {
    private final Services services;
    private final HttpConfig.Limits limits;
    private final Connections connections;
    private final Deadlines<RoutingContext> bodies;
    private final Deadlines<RoutingContext> answers;
    private final WorkerPool jsonWorkers;

    Routes(Services services, HttpConfig.Limits limits, Connections connections, WorkerPool jsonWorkers) {
        this.services = services;
        this.limits = limits;
        this.connections = connections;
        this.bodies = deadlines(ErrorCode.REQUEST_TIMEOUT, "the body did not arrive", limits.bodyTimeout());
        this.answers = deadlines(ErrorCode.DEADLINE_EXCEEDED, "there was no answer", limits.requestTimeout());
        this.jsonWorkers = jsonWorkers;
    }

    /** Every route of this server. */
    List<Endpoint> table() {
        var work = new JsonWork(jsonWorkers, limits.eventLoopBytes());
        var protocol = new ProtocolHandlers(services);
        var repository = new RepositoryHandlers(services.models(), services.control());
        var records = new Recorder(services.recording(), work);
        var recorder = new RequestRecorder(records);
        var infer = new InferHandler(new InferencePath(services.predictor(), services.models(), work, records), limits);
        var pipelines = new PipelineHandlers(services.pipelines(), new PipelinePath(work));
        var predictions = new PredictionHandlers(services.recorded());
        return List.of(
                post("/predict_sync", BodyContent.json(), limits.bodyBytes(), typed(Tutorial::predictSync)),
                post("/predict_async_io", BodyContent.json(), limits.bodyBytes(), typed(Tutorial::predictAsyncIo)),
                post("/predict_full_async", BodyContent.json(), limits.bodyBytes(), typed(Tutorial::predictFullAsync)),
                post(
                                "/predict_with_background",
                                BodyContent.json(),
                                limits.bodyBytes(),
                                typed(Tutorial::predictWithBackground))
                        .behind(recorder::background),
                post("/predict/:pipeline", BodyContent.jsonOrForm(), limits.bodyBytes(), pipelines::predict)
                        .behind(recorder.pipeline(services.pipelines())),
                Endpoint.get("/pipelines", pipelines::list),
                Endpoint.get("/pipelines/:pipeline", pipelines::describe),
                Endpoint.get("/predictions", predictions::list),
                Endpoint.get("/predictions/:record_id", predictions::one),
                post(
                        "/predictions/:record_id/outcome",
                        BodyContent.jsonOrForm(),
                        OutcomeReader.MAX_BODY_BYTES,
                        predictions::outcome),
                Endpoint.get("/schemas/prediction-record.json", PredictionHandlers::schema),
                post("/v2/repository/index", BodyContent.json(), limits.bodyBytes(), repository::index),
                post("/v2/repository/models/:model/load", BodyContent.json(), limits.bodyBytes(), repository::load),
                post("/v2/repository/models/:model/unload", BodyContent.json(), limits.bodyBytes(), repository::unload),
                Endpoint.get("/v2/models/stats", repository::allStatistics),
                Endpoint.get("/v2/models/:model/stats", repository::statistics),
                Endpoint.get("/v2/models/:model/versions/:version/stats", repository::statistics),
                Endpoint.get("/v2/models/:model/config", repository::config),
                Endpoint.get("/v2/models/:model/versions/:version/config", repository::config),
                Endpoint.get("/v2", protocol::server),
                Endpoint.get("/v2/health/live", protocol::live),
                Endpoint.get("/v2/health/ready", protocol::ready),
                Endpoint.get("/v2/models/:model", protocol::model),
                Endpoint.get("/v2/models/:model/ready", protocol::modelReady),
                inference("/v2/models/:model/infer", recorder, infer),
                Endpoint.get("/v2/models/:model/versions/:version", protocol::model),
                Endpoint.get("/v2/models/:model/versions/:version/ready", protocol::modelReady),
                inference("/v2/models/:model/versions/:version/infer", recorder, infer),
                Endpoint.get("/health/live", ProtocolHandlers::healthLive),
                Endpoint.get("/health/ready", protocol::healthReady),
                Endpoint.get("/metrics", this::metrics));
    }

    /** The router: the table, 405 for other methods on its paths, 404 for every other path. */
    Router router(Vertx vertx) {
        var router = Router.router(vertx);
        var failures = new FailureHandler();
        router.route().handler(this::observe).failureHandler(failures);
        List.of(400, 500)
                .forEach(status -> router.errorHandler(status, failures)); // what fails before any route matches
        var methods = new LinkedHashMap<String, List<HttpMethod>>();
        for (Endpoint endpoint : table()) {
            var route = router.route(endpoint.method(), endpoint.path());
            route.handler(ctx -> {
                Exchange.of(ctx).matched(endpoint.path());
                ctx.next();
            });
            endpoint.handlers().forEach(route::handler);
            methods.merge(endpoint.path(), List.of(endpoint.method()), (a, b) -> Stream.of(a, b)
                    .flatMap(List::stream)
                    .toList());
        }
        methods.forEach((path, allowed) -> router.route(path).handler(refuseMethod(allowed)));
        router.route().handler(ctx -> {
            throw new ServingException(ErrorCode.NOT_FOUND, "Not Found");
        });
        return router;
    }

    /** Takes no request any more; those whose body is still on its way are refused. */
    void refuseNew() {
        connections.refuseNew();
        bodies.failAll(stopping());
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
    }

    private Endpoint post(String path, BodyContent content, int maxBytes, Handler<RoutingContext> handler) {
        return new Endpoint(
                HttpMethod.POST,
                path,
                List.of(content, new BodyReader(maxBytes, services.bodyMemory(), bodies), handler));
    }

    private Endpoint inference(String path, RequestRecorder recorder, InferHandler infer) {
        var body = new BodyReader(limits.inferenceBodyBytes(), services.bodyMemory(), bodies);
        return new Endpoint(HttpMethod.POST, path, List.of(recorder::inference, BodyContent.inference(), body, infer));
    }

    private Handler<RoutingContext> typed(TypedHandler.Method method) {
        var tutorial = services.tutorial();
        if (tutorial.isPresent()) {
            return new TypedHandler(tutorial.get(), method);
        }
        return ctx -> {
            throw new ServingException(ErrorCode.NOT_READY, "this node does not have the role predict");
        };
    }

    /** The router decodes paths later, and takes a fault in them for one of its own. */
    private static void requireDecodable(String path) {
        try {
            QueryStringDecoder.decodeComponent(path);
        } catch (IllegalArgumentException e) {
            throw new ServingException(ErrorCode.INVALID_ARGUMENT, "the path is not valid percent-encoding");
        }
    }

    private void observe(RoutingContext ctx) {
        var connection = ctx.request().connection();
        if (!connections.accepted(connection)) {
            return; // it is being closed
        }
        var exchange = Exchange.begin(ctx);
        connections.requestBegan(connection);
        answers.begin(ctx);
        exchange.over().onComplete(over -> {
            answers.end(ctx);
            connections.requestEnded(connection);
            int status = over.succeeded() ? ctx.response().getStatusCode() : HttpStatus.of(ErrorCode.CANCELLED);
            services.meters().request(exchange.route(), status, exchange.nanos());
        });
        if (services.readiness().draining() && ctx.request().version() != HttpVersion.HTTP_2) {
            ctx.response()
                    .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE); // clients go elsewhere with the next one
        }
        if (connections.closing()) {
            throw stopping();
        }
        if (ctx.request().path().indexOf('%') >= 0) {
            requireDecodable(ctx.request().path());
        }
        ctx.next();
    }

    private void metrics(RoutingContext ctx) {
        ctx.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .end(services.meters().scrape());
    }

    private static ServingException stopping() {
        return new ServingException(ErrorCode.NOT_READY, "this node is stopping");
    }

    private static Deadlines<RoutingContext> deadlines(ErrorCode code, String what, Duration time) {
        return new Deadlines<>(
                time, new ServingException(code, what + " within " + time.toMillis() + " ms"), RoutingContext::fail);
    }

    private static Handler<RoutingContext> refuseMethod(List<HttpMethod> allowed) {
        String allow = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
        return ctx -> {
            ctx.response().putHeader(HttpHeaders.ALLOW, allow);
            throw new ServingException(ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed");
        };
    }
}
