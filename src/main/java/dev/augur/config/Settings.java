package dev.augur.config;

import dev.augur.cluster.ClusterConfig;
import dev.augur.consumer.ConsumerConfig;
import dev.augur.demo.DemoConfig;
import dev.augur.http.HttpConfig;
import dev.augur.predictionlog.PredictionLogConfig;
import dev.augur.predictionlog.Redaction;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.reading.QueryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Every setting: its key, its default, what is allowed. {@code conf/augur.yaml} says the same in words. */
final class Settings {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TEN_YEARS = Duration.ofDays(3_650);
    private static final int MAX_PORT = 65_535;
    private static final int MAX_THREADS = 1_024;
    private static final int MAX_COUNT = 1_000_000;
    private static final long MAX_BODY_BYTES = 1L << 30;

    private Settings() {}

    /** Every key. */
    static Set<String> keys() {
        var reader = new ConfigReader(ConfigSource.empty());
        var unused = read(reader);
        return reader.known();
    }

    /** Problems are left with the reader. */
    static ServerConfig read(ConfigReader reader) {
        var roles = reader.choices("roles", Role.class);
        var cluster = cluster(reader);
        if (!cluster.enabled() && !roles.contains(Role.LOG)) {
            reader.problem(
                    "roles", "without the role log, the prediction log is on another node: that needs cluster.enabled");
        }
        var http = http(reader);
        return new ServerConfig(
                roles,
                http,
                eventBus(reader, http.limits()),
                demo(reader),
                ModelSettings.read(reader),
                PipelineSettings.read(reader),
                reader.path("data.directory", "data"),
                predictionLog(reader),
                shutdown(reader),
                cluster);
    }

    private static HttpConfig http(ConfigReader reader) {
        int instances = reader.integer("http.instances", 0, 0, MAX_THREADS);
        var listener = new HttpConfig.Listener(
                reader.text("http.host", "127.0.0.1"),
                reader.integer("http.port", 8000, 0, MAX_PORT),
                instances == 0 ? cores() : instances);
        var limits = new HttpConfig.Limits(
                reader.integer("http.max-connections", 10_000, 1, MAX_COUNT),
                (int) reader.bytes("http.max-body", "1MiB", 1, MAX_BODY_BYTES),
                (int) reader.bytes("http.max-inference-body", "64MiB", 1, MAX_BODY_BYTES),
                bodyMemory(reader),
                (int) reader.bytes("http.event-loop-json", "64KiB", 0, 1 << 20),
                reader.duration("http.request-timeout", "10m", TENTH, HOUR),
                reader.duration("http.body-timeout", "30s", TENTH, HOUR),
                reader.duration("http.idle-timeout", "60s", TENTH, HOUR));
        return new HttpConfig(listener, limits);
    }

    /** Requests are bounded alike, however they come. */
    private static ConsumerConfig eventBus(ConfigReader reader, HttpConfig.Limits limits) {
        int instances = reader.integer("event-bus.instances", 0, 0, MAX_THREADS);
        return new ConsumerConfig(
                instances == 0 ? cores() : instances,
                reader.integer("event-bus.max-requests", 10_000, 1, MAX_COUNT),
                new ConsumerConfig.Limits(
                        limits.bodyBytes(),
                        limits.inferenceBodyBytes(),
                        limits.eventLoopBytes(),
                        limits.requestTimeout()));
    }

    private static long bodyMemory(ConfigReader reader) {
        long bytes = reader.bytes("http.body-memory", "0", 0, 1L << 40);
        return bytes == 0 ? Runtime.getRuntime().maxMemory() / 4 : bytes;
    }

    private static DemoConfig demo(ConfigReader reader) {
        return new DemoConfig(
                reader.duration("demo.fetch-delay", "500ms", ZERO, MINUTE),
                reader.duration("demo.prediction-delay", "1s", ZERO, MINUTE),
                reader.duration("demo.log-delay", "200ms", ZERO, MINUTE),
                reader.integer("demo.workers", 40, 1, MAX_THREADS),
                reader.integer("demo.queue", 1_000, 0, MAX_COUNT));
    }

    private static PredictionLogConfig predictionLog(ConfigReader reader) {
        int maxPending = reader.integer("prediction-log.max-pending", 10_000, 1, MAX_COUNT);
        return new PredictionLogConfig(
                maxPending,
                reader.duration("prediction-log.ack-timeout", "1500ms", TENTH, MINUTE),
                reader.duration("prediction-log.max-retry-delay", "1s", TENTH, MINUTE),
                ledger(reader),
                records(reader),
                new QueryConfig(
                        reader.bytes("prediction-log.query-scan", "64MiB", 1 << 10, 1L << 32),
                        reader.integer("prediction-log.query-index", 100_000, 1, 10 * MAX_COUNT),
                        reader.integer("prediction-log.query-queue", 100, 0, MAX_COUNT),
                        maxPending),
                SinkSettings.read(reader.under("prediction-log.")));
    }

    private static LedgerConfig ledger(ConfigReader reader) {
        return new LedgerConfig(
                reader.flag("prediction-log.fsync", false),
                reader.bytes("prediction-log.segment-size", "64MiB", 1 << 10, 1L << 32),
                new LedgerConfig.Retention(
                        reader.duration("prediction-log.retention-age", "0", ZERO, TEN_YEARS),
                        reader.bytes("prediction-log.retention-size", "0", 0, 1L << 50)),
                reader.bytes("prediction-log.start-check", "128MiB", 0, 1L << 50));
    }

    private static PredictionLogConfig.Records records(ConfigReader reader) {
        var redact = reader.list("prediction-log.redact", List.of());
        redact.stream()
                .filter(rule -> !Redaction.RULE.matcher(rule).matches())
                .forEach(rule -> reader.problem(
                        "prediction-log.redact",
                        "\"" + rule
                                + "\" is not allowed, expected item_id, client_request_id, error, inputs, outputs, features, or one"
                                + " of the last three with a name, such as features.alcohol"));
        return new PredictionLogConfig.Records(
                reader.bytes("prediction-log.max-tensor-size", "4KiB", 0, 1 << 20),
                redact,
                reader.duration("prediction-log.answer-patience", "5s", TENTH, HOUR));
    }

    private static ShutdownConfig shutdown(ConfigReader reader) {
        return new ShutdownConfig(
                reader.duration("shutdown.pause", "1s", ZERO, MINUTE),
                reader.duration("shutdown.timeout", "25s", TENTH, HOUR));
    }

    private static ClusterConfig cluster(ConfigReader reader) {
        return new ClusterConfig(
                reader.flag("cluster.enabled", false),
                reader.text("cluster.name", "augur"),
                reader.text("cluster.host", "127.0.0.1"),
                reader.integer("cluster.port", 5701, 1, MAX_PORT),
                reader.integer("cluster.port-count", 8, 1, 64),
                reader.integer("cluster.event-bus-port", 0, 0, MAX_PORT),
                reader.list("cluster.members", List.of("127.0.0.1")));
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
