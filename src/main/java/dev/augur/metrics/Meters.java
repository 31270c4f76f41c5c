package dev.augur.metrics;

import dev.augur.error.ErrorCode;
import dev.augur.feature.FeatureLookup;
import dev.augur.membership.Nodes;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.sink.SinkFollower;
import dev.augur.timeline.Timeline;
import dev.augur.timeline.TraceParent;
import dev.augur.worker.WorkerPool;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every meter. Requests: {@code augur_http_requests_total} by route and status,
 * {@code augur_http_request_duration_seconds} by route and outcome, the same of {@code augur_bus_…} by address,
 * {@code augur_bus_in_flight}; {@code augur_stage_duration_seconds} by stage and outcome; {@code augur_errors_total} by
 * code. {@code augur_event_loop_lag_seconds}, {@code augur_build_info}. Models, by model: {@code augur_model_waiting},
 * {@code augur_model_running}, {@code augur_model_refused_total}, {@code augur_model_batches_total}. Worker pools, by
 * pool: {@code augur_pool_workers}, {@code augur_pool_running}, {@code augur_pool_waiting}, {@code augur_pool_taken},
 * {@code augur_pool_refused_total}. Prediction log: {@code augur_prediction_log_records_total} by outcome (offered =
 * stored + dropped + summarised + pending), {@code augur_prediction_log_pending},
 * {@code augur_prediction_log_oldest_wait_seconds}, {@code augur_prediction_log_retries_total},
 * {@code augur_prediction_log_ledger_bytes}, {@code augur_prediction_log_failed_groups_total},
 * {@code augur_prediction_log_restorations_total}; its sinks as {@link SinkMeters} says. Connections, by router:
 * {@code augur_http_connections}, {@code augur_http_connections_refused_total},
 * {@code augur_http_answers_unread_total}. Bodies: {@code augur_http_body_memory_bytes},
 * {@code augur_http_answer_memory_bytes}. Keys and tokens: {@link AccessMeters}. The console:
 * {@code augur_console_streams}, {@code augur_console_lost_total}. Other nodes: {@link ClusterMeters},
 * {@link RoutingMeters}.
 * And the JVM's own. Thread-safe.
 */
public final class Meters {
    /** The content type of Prometheus's text format. */
    public static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** The content type of OpenMetrics, which has exemplars. */
    public static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final CurrentTrace trace = new CurrentTrace();
    private final PrometheusMeterRegistry registry = registry(trace);
    private final RequestMeters http = new RequestMeters(
            registry,
            new RequestMeters.Entrance("augur.http", "route", "Time from the request's head to the end of its answer"));
    private final RequestMeters bus = new RequestMeters(
            registry,
            new RequestMeters.Entrance("augur.bus", "address", "Time from a message of the event bus to its answer"));
    private final Map<ErrorCode, Counter> errors = new EnumMap<>(ErrorCode.class);
    private final StageMeters stages = new StageMeters(registry);
    private final LoopLag lag = new LoopLag(registry);
    private final ModelMeters modelMeters = new ModelMeters(registry);
    private final RoutingMeters routing = new RoutingMeters(registry);
    private final AccessMeters access = new AccessMeters(registry);
    private final ReentrantLock scraping = new ReentrantLock();
    private volatile ModelRegistry models = new ModelRegistry();
    private volatile @Nullable LogCounts logCounts;
    private final AtomicInteger routers = new AtomicInteger();
    private final List<WorkerPool> pools = new CopyOnWriteArrayList<>();
    private final List<Object> watched = new CopyOnWriteArrayList<>(); // function counters hold what they read weakly

    public Meters() {
        ProcessMeters.register(registry);
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(
                    code,
                    Counter.builder("augur.errors")
                            .description("Requests of HTTP and of the event bus that ended with an error, by its code")
                            .tag("code", code.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** One request has ended. */
    public void request(Asked asked, int status, long nanos) {
        trace.during(asked.parent(), () -> {
            http.ended(asked.route(), status, nanos);
            if (asked.timeline() != null) {
                stages.ended(asked.timeline(), status);
            }
        });
    }

    /**
     * What was asked over HTTP.
     *
     * @param route its path as it is written in the table
     * @param parent its trace, which becomes an exemplar
     * @param timeline of requests for predictions
     */
    public record Asked(String route, @Nullable TraceParent parent, @Nullable Timeline timeline) {}

    /**
     * A route whose requests may end with these statuses: their counts are there from the first scrape on, at 0, so
     * that the first one is an increase.
     */
    public void expect(String route, Collection<Integer> statuses) {
        http.expect(route, statuses);
    }

    /** As {@link #expect}, for an address of the event bus. */
    public void expectOnBus(String address, Collection<Integer> statuses) {
        bus.expect(address, statuses);
    }

    /** One request of the event bus has ended. */
    public void busRequest(String address, int status, long nanos) {
        bus.ended(address, status, nanos);
    }

    /** A request was answered with an error. */
    public void error(ErrorCode code) {
        Objects.requireNonNull(errors.get(code)).increment();
    }

    /** Watches the event loop of the verticle that calls this, for as long as it is deployed. */
    public void eventLoop(Vertx vertx, BooleanSupplier used) {
        lag.watch(vertx, used);
    }

    /** Watches whether this node wants requests. */
    public void ready(BooleanSupplier ready) {
        Gauge.builder("augur.ready", () -> ready.getAsBoolean() ? 1 : 0)
                .description("1 while the node wants requests")
                .register(registry);
    }

    /** What runs here. */
    public void build(String version, String node) {
        Gauge.builder("augur.build.info", () -> 1)
                .description("1; the labels say what runs")
                .tags(
                        "version",
                        version,
                        "node",
                        node,
                        "java",
                        Runtime.version().toString())
                .register(registry);
    }

    /** Watches the requests of the event bus that have no answer yet. */
    public void busInFlight(IntSupplier count) {
        Gauge.builder("augur.bus.in.flight", count::getAsInt)
                .description("Requests of the event bus without an answer yet")
                .register(registry);
    }

    /** Watches a worker pool. */
    public void pool(WorkerPool pool) {
        pools.add(pool);
        gauge("augur.pool.workers", "Threads of the pool", pool.name(), pool::workers);
        gauge("augur.pool.running", "Work running now", pool.name(), pool::running);
        gauge("augur.pool.waiting", "Work waiting for a worker", pool.name(), pool::waiting);
        gauge("augur.pool.taken", "Requests that hold a place", pool.name(), pool::taken);
        FunctionCounter.builder("augur.pool.refused", pool, WorkerPool::refused)
                .description("Requests refused because every place was taken")
                .tag("pool", pool.name())
                .register(registry);
    }

    /** The worker pools that are watched. */
    public List<WorkerPool> pools() {
        return List.copyOf(pools);
    }

    /** How many requests of each route have ended with each status. */
    public Map<String, Map<Integer, Long>> requestCounts() {
        return http.counts();
    }

    /** Watches the console: pages that look, and events that they had no room for. */
    public void console(IntSupplier pages, LongSupplier lost) {
        watched.add(lost);
        Gauge.builder("augur.console.streams", pages::getAsInt)
                .description("Pages of the console that are open")
                .register(registry);
        FunctionCounter.builder("augur.console.lost", lost, LongSupplier::getAsLong)
                .description("Events that a page of the console had no room for")
                .register(registry);
    }

    /** Watches the prediction log of this node. */
    public void predictionLog(BusPredictionLog log) {
        watched.add(log);
        var counts = new LogCounts(log);
        logCounts = counts;
        watched.addAll(LogMeters.register(registry, log, counts));
    }

    /** Watches the ledger of this node. */
    public void ledger(PredictionLogVerticle writer) {
        watched.add(writer);
        LogMeters.register(registry, writer);
    }

    /** Watches a sink of the prediction log. */
    public void sink(SinkFollower<?> follower) {
        watched.add(follower);
        SinkMeters.register(registry, follower);
    }

    /** Watches the connections of one router verticle; returns the name under which this router is shown. */
    public String connections(IntSupplier open, LongSupplier refused, LongSupplier unread) {
        watched.addAll(List.of(refused, unread));
        String router = String.valueOf(routers.getAndIncrement());
        Gauge.builder("augur.http.connections", open::getAsInt)
                .description("Open connections")
                .tag("router", router)
                .register(registry);
        FunctionCounter.builder("augur.http.connections.refused", refused, LongSupplier::getAsLong)
                .description("Connections closed because of the limit")
                .tag("router", router)
                .register(registry);
        FunctionCounter.builder("augur.http.answers.unread", unread, LongSupplier::getAsLong)
                .description("Answers whose clients were cut off because they did not read them in time")
                .tag("router", router)
                .register(registry);
        return router;
    }

    /** Watches the memory of the bodies of requests and of answers, and what is kept for the next ones. */
    public void memory(LongSupplier requestBytes, LongSupplier answerBytes, LongSupplier keptBytes) {
        Gauge.builder("augur.http.body.memory.bytes", requestBytes::getAsLong)
                .description("Memory taken by request bodies")
                .register(registry);
        Gauge.builder("augur.http.answer.memory.bytes", answerBytes::getAsLong)
                .description("Memory taken by large answers until their clients have read them")
                .register(registry);
        Gauge.builder("augur.http.body.kept.bytes", keptBytes::getAsLong)
                .description("Memory that large bodies had, kept some seconds for the next ones")
                .register(registry);
    }

    /** Requests that go to other nodes. */
    public RoutingMeters routing() {
        return routing;
    }

    /** What becomes of new files of TLS; there from the first call on. */
    public TlsMeters tls() {
        return new TlsMeters(registry);
    }

    /** Watches the other nodes of the cluster. */
    public void cluster(Nodes nodes, LongSupplier unread) {
        watched.add(nodes);
        watched.add(unread);
        ClusterMeters.register(registry, nodes, unread);
    }

    /** What becomes of the requests that have to show a key or a token; there from the first call on. */
    public BridgeMeters bridge() {
        return new BridgeMeters(registry);
    }

    /** Of keys and tokens; the same for every router, so that there is one bound for names. */
    public AccessMeters access() {
        return access;
    }

    /** Of what single clients had too much of. */
    public ClientMeters clients() {
        return new ClientMeters(registry);
    }

    /** Watches the feature stores of this node. */
    public void features(List<FeatureLookup> lookups) {
        watched.addAll(lookups);
        lookups.forEach(lookup -> FeatureMeters.register(registry, lookup));
    }

    /** Watches the items of requests for many, by model. */
    public void items(Map<String, IntSupplier> underWay) {
        watched.add(underWay);
        underWay.forEach((model, items) -> Gauge.builder("augur.pipelines.items", items, IntSupplier::getAsInt)
                .description("Items of requests for many that have no outcome yet")
                .tag("model", model)
                .register(registry));
    }

    /**
     * Watches the models of this node, which come and go.
     *
     * @param tritonNames shows them by the names of Triton's metrics too
     */
    public void models(ModelRegistry registryOfModels, boolean tritonNames) {
        models = registryOfModels;
        registry.getPrometheusRegistry().register(new BatchRows(models));
        if (tritonNames) {
            registry.getPrometheusRegistry().register(new TritonNames(models));
        }
    }

    /**
     * Everything. Takes milliseconds, and waits for whoever asked before: called on a worker.
     *
     * @param format {@link #PROMETHEUS_TEXT} or {@link #OPEN_METRICS}
     */
    public String scrape(String format) {
        scraping.lock();
        try {
            var counts = logCounts;
            if (counts != null) {
                counts.read();
            }
            modelMeters.show(models.loaded());
            http.show();
            bus.show();
            return registry.scrape(format);
        } finally {
            scraping.unlock();
        }
    }

    private static PrometheusMeterRegistry registry(CurrentTrace trace) {
        var made = new PrometheusMeterRegistry(new BucketExemplars(), new PrometheusRegistry(), Clock.SYSTEM, trace);
        ProcessMeters.choose(made);
        return made;
    }

    private void gauge(String name, String description, String pool, IntSupplier value) {
        Gauge.builder(name, value::getAsInt)
                .description(description)
                .tag("pool", pool)
                .register(registry);
    }
}
