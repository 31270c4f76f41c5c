package dev.augur.config;

import static dev.augur.config.Units.GIB;
import static dev.augur.config.Units.KIB;
import static dev.augur.config.Units.MIB;
import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.augur.access.AccessConfig;
import dev.augur.console.ConsoleConfig;
import dev.augur.consumer.ConsumerConfig;
import dev.augur.http.HttpConfig;
import dev.augur.http.RoutePlugin;
import dev.augur.http.RouteSource;
import dev.augur.predictionlog.PredictionLogConfig;
import dev.augur.predictionlog.Redaction;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.reading.QueryConfig;
import dev.augur.predictionlog.sink.SinkKind;
import dev.augur.setting.Plugins;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every setting of the server: its key, its default and what is allowed, in the one call that reads it.
 * {@code conf/augur.yaml} and the pages say the same in words, and are checked against it.
 */
final class Settings {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TEN_YEARS = Duration.ofDays(3_650);
    static final String LOOPBACK = "127.0.0.1";
    static final int MAX_PORT = 65_535;
    private static final int MAX_THREADS = 1_024;
    private static final int MAX_RUN_REQUESTS = 10_000;
    private static final int MAX_COUNT = 1_000_000;
    private static final long MAX_BODY_BYTES = 1L << 30;

    private Settings() {}

    /** Made when they are first asked for: that takes a reading of everything. */
    private static final class Keys {
        private static final List<KeyPattern> PATTERNS = ofEachKind();
    }

    /** Every key there can be, those with names of the operator's choice among them. */
    static List<KeyPattern> keyPatterns() {
        return Keys.PATTERNS;
    }

    private static List<KeyPattern> ofEachKind() {
        var keys = new LinkedHashSet<String>();
        for (String kind : FeatureStores.ofClassPath().names()) {
            var reader = ofAnyNames(kind);
            Object unused = keys.isEmpty() ? read(reader) : PipelineSettings.read(reader); // all else is the same
            keys.addAll(reader.known());
            reader.maps().forEach(map -> keys.add(map + "." + KeyPattern.ANY));
        }
        return keys.stream().map(KeyPattern::new).toList();
    }

    /** Every setting there can be, with feature stores of that kind. */
    static Collection<Setting> all(String kind) {
        var reader = ofAnyNames(kind);
        var unused = read(reader);
        return reader.settings();
    }

    private static ConfigReader ofAnyNames(String kind) {
        return new ConfigReader(new ConfigSource("any", null, anyNames(kind), Map.of()));
    }

    /** Something of any name wherever there can be names, and a store of that kind. */
    private static JsonNode anyNames(String kind) {
        var root = JsonNodeFactory.instance.objectNode();
        root.putObject("models").putObject("groups").putObject(KeyPattern.ANY);
        root.withObject("/models").putObject("by-name").putObject(KeyPattern.ANY);
        root.putObject("feature-stores").putObject(KeyPattern.ANY).put("kind", kind);
        root.putObject("pipelines").putObject(KeyPattern.ANY);
        return root;
    }

    /** Problems are left with the reader. */
    static ServerConfig read(ConfigReader reader) {
        var roles = reader.choices("roles", Role.class);
        var cluster = ClusterSettings.read(reader);
        if (!cluster.enabled() && !roles.contains(Role.LOG)) {
            reader.problem(
                    "roles", "without the role log, the prediction log is on another node: that needs cluster.enabled");
        }
        var http = http(reader, roles.contains(Role.HTTP));
        if (cluster.enabled() && roles.contains(Role.HTTP)) {
            answersOutsideHeap(reader, http.limits());
        }
        var access = AccessSettings.read(reader, http, roles.contains(Role.HTTP));
        return new ServerConfig(
                roles,
                http,
                access,
                new ConsoleConfig(
                        reader.flag("console.enabled", true),
                        reader.integer("console.streams", 50, between(1, MAX_THREADS)),
                        reader.integer("console.run-requests", 2_000, between(1, MAX_RUN_REQUESTS))),
                eventBus(reader, http, access),
                plugins(reader),
                ModelSettings.read(reader),
                PipelineSettings.read(reader),
                reader.path("data.directory", "data"),
                predictionLog(reader),
                health(reader),
                shutdown(reader),
                cluster,
                ClusterSettings.membership(reader, cluster.name()),
                ClusterSettings.routing(reader, cluster),
                new TelemetryConfig(reader.flag("metrics.triton-names", false), reader.flag("tracing.enabled", false)));
    }

    private static HttpConfig http(ConfigReader reader, boolean serves) {
        int instances = reader.integer("http.instances", 0, between(0, MAX_THREADS));
        var listener = new HttpConfig.Listener(
                host(reader, "http.host", LOOPBACK),
                reader.integer("http.port", 8000, between(0, MAX_PORT)),
                instances == 0 ? cores() : instances,
                /* further= */ 0);
        var limits = new HttpConfig.Limits(
                reader.integer("http.max-connections", 10_000, between(1, MAX_COUNT)),
                (int) reader.bytes("http.max-body", MIB, between(1L, MAX_BODY_BYTES)),
                (int) reader.bytes("http.max-inference-body", 64 * MIB, between(1L, MAX_BODY_BYTES)),
                bodyMemory(reader),
                partOfHeap(reader, "http.answer-memory"),
                (int) reader.bytes("http.event-loop-json", 64 * KIB, between(0L, MIB)),
                reader.duration("http.request-timeout", ofMinutes(10), between(TENTH, HOUR)),
                reader.duration("http.body-timeout", ofSeconds(30), between(TENTH, HOUR)),
                reader.duration("http.idle-timeout", ofSeconds(75), between(TENTH, HOUR)),
                reader.duration("http.write-timeout", ofSeconds(30), between(TENTH, HOUR)));
        return new HttpConfig(
                listener,
                ManagementSettings.read(reader, listener, serves),
                HttpSettings.basePath(reader),
                limits,
                ClientSettings.clients(reader),
                ClientSettings.proxies(reader),
                HttpSettings.heads(reader),
                HttpSettings.cors(reader),
                reader.flag("http.docs", true),
                reader.integer("http.access-log", 0, between(0, MAX_COUNT)),
                HttpSettings.security(reader));
    }

    /** Requests are bounded alike, however they come. */
    private static ConsumerConfig eventBus(ConfigReader reader, HttpConfig http, AccessConfig access) {
        var limits = http.limits();
        int instances = reader.integer("event-bus.instances", 0, between(0, MAX_THREADS));
        return new ConsumerConfig(
                instances == 0 ? cores() : instances,
                reader.integer("event-bus.max-requests", 10_000, between(1, MAX_COUNT)),
                new ConsumerConfig.Limits(
                        limits.bodyBytes(),
                        limits.inferenceBodyBytes(),
                        limits.eventLoopBytes(),
                        limits.requestTimeout()),
                BridgeSettings.read(reader, http, access));
    }

    /** Bodies lie outside the heap, where an allocation without room stops its event loop for half a second first. */
    private static long bodyMemory(ConfigReader reader) {
        long most = OutsideHeap.bytes() / 4 * 3;
        long bytes = partOfHeap(reader, "http.body-memory");
        if (bytes > most && bytes != Runtime.getRuntime().maxMemory() / 4) {
            reader.problem(
                    "http.body-memory",
                    bytes + " bytes are more than three quarters of the memory outside the heap, which are " + most
                            + " (-XX:MaxDirectMemorySize; where that is not set, as much as the heap)");
        }
        return Math.min(bytes, most);
    }

    /** Those of other nodes lie there, beside the bodies of requests. */
    private static void answersOutsideHeap(ConfigReader reader, HttpConfig.Limits limits) {
        long all = OutsideHeap.bytes();
        if (limits.answerMemoryBytes() + limits.bodyMemoryBytes() > all) {
            reader.problem(
                    "http.answer-memory",
                    "with http.body-memory these are "
                            + (limits.answerMemoryBytes() + limits.bodyMemoryBytes())
                            + " bytes, more than the memory outside the heap, where answers of other nodes lie, too: "
                            + all + " (-XX:MaxDirectMemorySize; where that is not set, as much as the heap)");
        }
    }

    /** Bytes of memory; a quarter of the heap where none are given. */
    static long partOfHeap(ConfigReader reader, String key) {
        long bytes = reader.bytes(key, 0, between(0L, 1L << 40));
        return bytes == 0 ? Runtime.getRuntime().maxMemory() / 4 : bytes;
    }

    /** Each reads a section of its own. */
    private static List<RouteSource> plugins(ConfigReader reader) {
        return Plugins.ofClassPath(RoutePlugin.class).stream()
                .map(plugin -> plugin.read(reader.under(plugin.section() + ".")))
                .toList();
    }

    private static PredictionLogConfig predictionLog(ConfigReader reader) {
        int maxPending = reader.integer("prediction-log.max-pending", 10_000, between(1, MAX_COUNT));
        return new PredictionLogConfig(
                maxPending,
                reader.duration("prediction-log.ack-timeout", ofMillis(1_500), between(TENTH, MINUTE)),
                reader.duration("prediction-log.max-retry-delay", ofSeconds(1), between(TENTH, MINUTE)),
                ledger(reader),
                records(reader),
                new QueryConfig(
                        reader.bytes("prediction-log.query-scan", 64 * MIB, between(KIB, 4 * GIB)),
                        reader.integer("prediction-log.query-index", 100_000, between(1, 10 * MAX_COUNT)),
                        reader.integer("prediction-log.query-queue", 100, between(0, MAX_COUNT)),
                        maxPending,
                        reader.duration("prediction-log.query-timeout", ofSeconds(5), between(TENTH, MINUTE))),
                SinkSettings.read(reader.under("prediction-log."), Plugins.ofClassPath(SinkKind.class)));
    }

    private static LedgerConfig ledger(ConfigReader reader) {
        return new LedgerConfig(
                reader.flag("prediction-log.fsync", false),
                reader.bytes("prediction-log.segment-size", 64 * MIB, between(KIB, 4 * GIB)),
                new LedgerConfig.Retention(
                        reader.duration("prediction-log.retention-age", ZERO, between(ZERO, TEN_YEARS)),
                        reader.bytes("prediction-log.retention-size", 10 * GIB, between(0L, 1L << 50))),
                reader.bytes("prediction-log.start-check", 128 * MIB, between(0L, 1L << 50)));
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
                reader.bytes("prediction-log.max-tensor-size", 4 * KIB, between(0L, MIB)),
                redact,
                reader.duration("prediction-log.answer-patience", ofSeconds(5), between(TENTH, HOUR)),
                reader.integer("prediction-log.refused-per-second", 100, between(0, MAX_COUNT)));
    }

    private static HealthConfig health(ConfigReader reader) {
        var allowed = List.of(HealthConfig.MODELS, HealthConfig.PREDICTION_LOG);
        var required = reader.list("health.requires", List.of(HealthConfig.MODELS));
        if (!allowed.containsAll(required)) {
            reader.problem("health.requires", required + " is not allowed, expected some of " + allowed);
        }
        return new HealthConfig(
                reader.choice("health.ready", HealthConfig.Ready.class, HealthConfig.Ready.ANY), Set.copyOf(required));
    }

    private static ShutdownConfig shutdown(ConfigReader reader) {
        return new ShutdownConfig(
                reader.duration("shutdown.pause", ofSeconds(1), between(ZERO, MINUTE)),
                reader.duration("shutdown.timeout", ofSeconds(25), between(TENTH, HOUR)));
    }

    /** A name or an address; one of IPv6 may stand in brackets, as in a URL. */
    static String host(ConfigReader reader, String key, String defaultValue) {
        return reader.text(key, defaultValue).replaceFirst("^\\[(.*:.*)]$", "$1");
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
