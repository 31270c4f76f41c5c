package dev.augur.http;

import dev.augur.access.Scope;
import dev.augur.logview.SequelRequest;
import dev.augur.logview.Sequels;
import dev.augur.logview.WholeLog;
import dev.augur.pipeline.PipelinePath;
import dev.augur.predictionlog.recording.Recorder;
import dev.augur.request.InferencePath;
import dev.augur.time.Deadlines;
import dev.augur.worker.JsonWork;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;

/** The server's own routes, but for its pages. Confined to one event loop. */
final class ServerRoutes {
    private final Backend backend;
    private final HttpConfig.Limits limits;
    private final Deadlines<RoutingContext> bodies;
    private final Tools tools;
    private final ServedHere.OfModel ofModel;
    private final ServedHere.OfPipeline ofPipeline;
    private final SequelHandler sequels;

    /** What the routes of one router share. */
    record Tools(JsonWork work, Routes.Workers workers, Recorder records, RequestRecorder recorder) {}

    ServerRoutes(Backend backend, HttpConfig.Limits limits, Deadlines<RoutingContext> bodies, Tools tools) {
        this.backend = backend;
        this.limits = limits;
        this.bodies = bodies;
        this.tools = tools;
        this.ofModel = new ServedHere.OfModel(backend.prediction().models());
        this.ofPipeline = new ServedHere.OfPipeline(backend.prediction().pipelines());
        this.sequels = new SequelHandler(new Sequels(backend.log()), limits.requestTimeout());
    }

    /** Ends what waits for something to come about. */
    void endAll() {
        sequels.endAll();
    }

    /** Every route of the server but its pages. */
    List<Endpoint> table() {
        var protocol = new ProtocolHandlers(backend);
        var repository = new RepositoryHandlers(
                backend.prediction().models(),
                backend.control(),
                backend.status().nodes(),
                tools.workers().peers());
        var infer = new InferHandler(
                new InferencePath(
                        backend.prediction().predictor(), backend.prediction().models(), tools.work(), tools.records()),
                limits);
        var pipelines = new PipelineHandlers(backend.prediction().pipelines(), new PipelinePath(tools.work()));
        var predictions = new PredictionHandlers(new WholeLog(backend.log(), tools.work()));
        return List.of( // tried in this order, each with a regular expression: what is asked most stands first
                inference("/v2/models/:model/infer", infer),
                inference("/v2/models/:model/versions/:version/infer", infer),
                routed(
                        post("/predict/:pipeline", BodyContent.json(), limits.bodyBytes(), pipelines::predict)
                                .behind(tools.recorder()::pipeline),
                        ofPipeline,
                        tools.recorder()::pipelineAgain),
                Endpoint.get("/pipelines", pipelines::list).behind(KnownParameters.NONE),
                routed(Endpoint.get("/pipelines/:pipeline", pipelines::describe), ofPipeline, unrecorded -> {})
                        .behind(KnownParameters.NONE),
                Endpoint.get("/predictions", predictions::list).behind(new KnownParameters(PredictionQuery.NAMES)),
                Endpoint.get("/predictions/after", sequels).behind(new KnownParameters(SequelRequest.FIELDS)),
                Endpoint.get("/predictions/:record_id", predictions::one)
                        .behind(new KnownParameters(List.of(PredictionHandlers.VERIFY))),
                post(
                                "/predictions/:record_id/outcome",
                                BodyContent.json(),
                                OutcomeReader.MAX_BODY_BYTES,
                                predictions::outcome)
                        .needs(Scope.ADMIN)
                        .behind(KnownParameters.NONE),
                Endpoint.get("/schemas/prediction-record.json", PredictionHandlers::schema)
                        .behind(KnownParameters.NONE),
                post("/v2/repository/index", BodyContent.jsonOfAnyType(), limits.bodyBytes(), repository::index)
                        .needs(Scope.READ),
                post(
                                "/v2/repository/models/:model/load",
                                BodyContent.jsonOfAnyType(),
                                limits.bodyBytes(),
                                repository::load)
                        .needs(Scope.ADMIN),
                post(
                                "/v2/repository/models/:model/unload",
                                BodyContent.jsonOfAnyType(),
                                limits.bodyBytes(),
                                repository::unload)
                        .needs(Scope.ADMIN),
                Endpoint.get("/v2/models/stats", repository::allStatistics),
                Endpoint.get("/v2/models/:model/stats", repository::statistics),
                Endpoint.get("/v2/models/:model/versions/:version/stats", repository::statistics),
                ofModel(Endpoint.get("/v2/models/:model/config", repository::config)),
                ofModel(Endpoint.get("/v2/models/:model/versions/:version/config", repository::config)),
                Endpoint.get("/v2", protocol::server),
                Endpoint.get("/v2/health/live", protocol::live).open(),
                Endpoint.get("/v2/health/ready", protocol::ready).open(),
                Endpoint.get("/v2/models", protocol::models),
                ofModel(Endpoint.get("/v2/models/:model", protocol::model)),
                ofModel(Endpoint.get("/v2/models/:model/ready", protocol::modelReady)),
                ofModel(Endpoint.get("/v2/models/:model/versions/:version", protocol::model)),
                ofModel(Endpoint.get("/v2/models/:model/versions/:version/ready", protocol::modelReady)),
                Endpoint.get("/health/live", ProtocolHandlers::healthLive).open(),
                Endpoint.get("/health/ready", protocol::healthReady).open(),
                Endpoint.get("/cluster", new ClusterHandler(backend.status().nodes()))
                        .behind(KnownParameters.NONE),
                Endpoint.get("/loggers", LoggerHandlers::all).needs(Scope.ADMIN).behind(KnownParameters.NONE),
                post("/loggers/:logger", BodyContent.json(), LoggerHandlers.MAX_BODY_BYTES, LoggerHandlers::set)
                        .needs(Scope.ADMIN)
                        .behind(KnownParameters.NONE),
                Endpoint.get(
                        "/metrics",
                        new MetricsHandler(
                                tools.workers().scrapes(), backend.status().meters())));
    }

    Endpoint post(String path, BodyContent content, int maxBytes, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.POST, path, List.of(content, body(maxBytes), handler));
    }

    BodyReader body(int maxBytes) {
        return new BodyReader(
                maxBytes, backend.memory().bodies(), backend.memory().blocks(), bodies);
    }

    private Endpoint inference(String path, InferHandler infer) {
        var body = body(limits.inferenceBodyBytes());
        return routed(
                new Endpoint(
                        HttpMethod.POST,
                        path,
                        List.of(tools.recorder()::inference, BodyContent.inference(), body, infer)),
                ofModel,
                tools.recorder()::inferenceAgain);
    }

    private Endpoint ofModel(Endpoint endpoint) {
        return routed(endpoint, ofModel, unrecorded -> {});
    }

    /**
     * The same endpoint where other nodes may answer in its place; of one that other nodes ask, where they are told at
     * once that this one does not have it. So nothing is sent on twice.
     */
    private Endpoint routed(Endpoint endpoint, Forwarding.Served served, Consumer<RoutingContext> record) {
        if (backend.surface().face() == Face.PEERS) {
            var gate = PeerGate.only(served);
            var told = endpoint.behind(gate);
            return endpoint.method().equals(HttpMethod.POST)
                    ? told.beforeLast(gate) // it may have been unloaded while the body came
                    : told;
        }
        var peers = tools.workers().peers();
        return peers == null ? endpoint : endpoint.beforeLast(new Forwarding(peers, served, record));
    }
}
