package dev.augur.metrics;

import dev.augur.feature.FeatureLookup;
import dev.augur.membership.Nodes;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.BusPredictionLog;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.sink.SinkFollower;
import dev.augur.worker.WorkerPool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Every meter. Requests: {@code augur_http_requests_seconds} by route and status, {@code augur_bus_requests_seconds} by
 * address and status, {@code augur_bus_in_flight}. Models, by model: {@code augur_model_waiting},
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
    private static final List<Duration> BUCKETS = List.of(
            Duration.ofNanos(500_000),
            Duration.ofMillis(1),
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    private record RequestKey(String route, int status) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentHashMap<RequestKey, Timer> requests = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RequestKey, Timer> busRequests = new ConcurrentHashMap<>();
    private final Set<RequestKey> expected = ConcurrentHashMap.newKeySet();
    private final Set<RequestKey> expectedOnBus = ConcurrentHashMap.newKeySet();
    private final ModelMeters modelMeters = new ModelMeters(registry);
    private final RoutingMeters routing;
    private final ReentrantLock scraping = new ReentrantLock();
    private volatile ModelRegistry models = new ModelRegistry();
    private volatile @Nullable LogCounts logCounts;
    private final AtomicInteger routers = new AtomicInteger();
    private final List<WorkerPool> pools = new CopyOnWriteArrayList<>();
    private final List<Object> watched = new CopyOnWriteArrayList<>(); // function counters hold what they read weakly

    public Meters() {
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time")); // nanoseconds; its usage stays
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count")); // a name of histograms
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        routing = new RoutingMeters(registry);
    }

    /** One request has ended. */
    public void request(String route, int status, long nanos) {
        timer(requests, new RequestKey(route, status), this::requestTimer).record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * A route whose requests may end with these statuses: their counts are there from the first scrape on, at 0, so
     * that the first one is an increase.
     */
    public void expect(String route, Collection<Integer> statuses) {
        statuses.forEach(status -> expected.add(new RequestKey(route, status)));
    }

    /** As {@link #expect}, for an address of the event bus. */
    public void expectOnBus(String address, Collection<Integer> statuses) {
        statuses.forEach(status -> expectedOnBus.add(new RequestKey(address, status)));
    }

    /** One request of the event bus has ended. */
    public void busRequest(String address, int status, long nanos) {
        timer(busRequests, new RequestKey(address, status), this::busTimer).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Without the lock that {@code computeIfAbsent} may take for keys that are there. */
    private static Timer timer(
            ConcurrentHashMap<RequestKey, Timer> timers, RequestKey key, Function<RequestKey, Timer> made) {
        var timer = timers.get(key);
        return timer == null ? timers.computeIfAbsent(key, made) : timer;
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
        var counts = new TreeMap<String, Map<Integer, Long>>();
        requests.forEach((key, timer) ->
                counts.computeIfAbsent(key.route(), route -> new TreeMap<>()).put(key.status(), timer.count()));
        return counts;
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
        records("offered", counts::offered);
        records("stored", counts::stored);
        records("dropped", counts::dropped);
        records("summarised", counts::summarised);
        Gauge.builder("augur.prediction.log.pending", counts::pending)
                .description("Records neither acknowledged nor given up")
                .register(registry);
        Gauge.builder(
                        "augur.prediction.log.oldest.wait.seconds",
                        log,
                        oldest -> oldest.oldestWait().toNanos() / 1e9)
                .description("How long the record has waited that waits longest for its acknowledgement")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.retries", log, BusPredictionLog::retried)
                .description("Records sent again")
                .register(registry);
    }

    /** Watches the ledger of this node. */
    public void ledger(PredictionLogVerticle writer) {
        watched.add(writer);
        Gauge.builder("augur.prediction.log.ledger.bytes", writer::ledgerBytes)
                .description("Size of this node's ledger")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.failed.groups", writer, PredictionLogVerticle::failedGroups)
                .description("Groups of records that could not be written; they are sent again")
                .register(registry);
        FunctionCounter.builder("augur.prediction.log.restorations", writer, PredictionLogVerticle::restorations)
                .description("Times that files of the ledger were found removed, replaced or cut by somebody else")
                .register(registry);
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

    /** Watches the memory of the bodies of requests and of answers. */
    public void memory(LongSupplier requestBytes, LongSupplier answerBytes) {
        Gauge.builder("augur.http.body.memory.bytes", requestBytes::getAsLong)
                .description("Memory taken by request bodies")
                .register(registry);
        Gauge.builder("augur.http.answer.memory.bytes", answerBytes::getAsLong)
                .description("Memory taken by large answers until their clients have read them")
                .register(registry);
    }

    /** Requests that go to other nodes. */
    public RoutingMeters routing() {
        return routing;
    }

    /** Watches the other nodes of the cluster. */
    public void cluster(Nodes nodes) {
        watched.add(nodes);
        ClusterMeters.register(registry, nodes);
    }

    /** What becomes of the requests that have to show a key or a token; there from the first call on. */
    public BridgeMeters bridge() {
        return new BridgeMeters(registry);
    }

    /** Of keys and tokens. */
    public AccessMeters access() {
        return new AccessMeters(registry);
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

    /** Watches the models of this node, which come and go. */
    public void models(ModelRegistry registryOfModels) {
        models = registryOfModels;
    }

    /**
     * Everything, in Prometheus's text format. Takes milliseconds, and waits for whoever asked before: called on a
     * worker.
     */
    public String scrape() {
        scraping.lock();
        try {
            var counts = logCounts;
            if (counts != null) {
                counts.read();
            }
            modelMeters.show(models.loaded());
            expected.forEach(key -> requests.computeIfAbsent(key, this::requestTimer));
            expectedOnBus.forEach(key -> busRequests.computeIfAbsent(key, this::busTimer));
            return registry.scrape();
        } finally {
            scraping.unlock();
        }
    }

    private Timer busTimer(RequestKey key) {
        return Timer.builder("augur.bus.requests")
                .description("Time from a message of the event bus to its answer")
                .tags("address", key.route(), "status", String.valueOf(key.status()))
                .serviceLevelObjectives(BUCKETS.toArray(Duration[]::new))
                .register(registry);
    }

    private Timer requestTimer(RequestKey key) {
        return Timer.builder("augur.http.requests")
                .description("Time from the request's head to the end of its answer")
                .tags("route", key.route(), "status", String.valueOf(key.status()))
                .serviceLevelObjectives(BUCKETS.toArray(Duration[]::new))
                .register(registry);
    }

    private void gauge(String name, String description, String pool, IntSupplier value) {
        Gauge.builder(name, value::getAsInt)
                .description(description)
                .tag("pool", pool)
                .register(registry);
    }

    private void records(String outcome, LongSupplier value) {
        watched.add(value);
        FunctionCounter.builder("augur.prediction.log.records", value, LongSupplier::getAsLong)
                .description("Prediction records by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }
}
