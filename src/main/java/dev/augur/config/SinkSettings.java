package dev.augur.config;

import dev.augur.predictionlog.sink.KafkaConfig;
import dev.augur.predictionlog.sink.KafkaProperties;
import dev.augur.predictionlog.sink.PostgresConfig;
import dev.augur.predictionlog.sink.SinkLimits;
import dev.augur.predictionlog.sink.SinksConfig;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the prediction log's sinks. */
final class SinkSettings {
    private static final Duration TENTH = Duration.ofMillis(100);
    /** A batch waits for the topic and then for its answers, and Vert.x warns of a worker that is held for a minute. */
    private static final Duration HALF_MINUTE = Duration.ofSeconds(30);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MAX_PORT = 65_535;
    private static final String TABLE = "augur_predictions";
    private static final String TOPIC = "augur.predictions";
    private static final List<String> BROKERS = List.of("127.0.0.1:9092");

    private SinkSettings() {}

    /** Problems are left with the reader. */
    static SinksConfig read(ConfigReader reader) {
        var postgres = reader.under("postgres.");
        var kafka = reader.under("kafka.");
        return new SinksConfig(enabled(postgres, postgres(postgres)), enabled(kafka, kafka(kafka)));
    }

    private static <T> Optional<T> enabled(ConfigReader section, T config) {
        return section.flag("enabled", false) ? Optional.of(config) : Optional.empty();
    }

    private static PostgresConfig postgres(ConfigReader section) {
        return new PostgresConfig(
                new PostgresConfig.Address(
                        section.text("host", "127.0.0.1"),
                        section.integer("port", 5_432, 1, MAX_PORT),
                        section.text("database", "augur")),
                new PostgresConfig.Login(section.text("user", "augur"), unlessNone(section, "password")),
                encryption(section),
                table(section),
                limits(section, "30s", HOUR));
    }

    private static KafkaConfig kafka(ConfigReader section) {
        var config = new KafkaConfig(
                brokers(section), topic(section), section.texts("properties"), limits(section, "10s", HALF_MINUTE));
        if (!config.properties().isEmpty()) { // the producer's classes take a while to load
            KafkaProperties.problems(config).forEach(problem -> section.problem("properties", problem));
        }
        return config;
    }

    private static SinkLimits limits(ConfigReader section, String timeout, Duration longest) {
        return new SinkLimits(
                section.integer("batch-size", 500, 1, 10_000),
                section.duration("timeout", timeout, TENTH, longest),
                section.duration("max-retry-delay", "10s", TENTH, HOUR));
    }

    private static List<String> brokers(ConfigReader section) {
        var brokers = section.list("bootstrap-servers", BROKERS);
        for (String broker : brokers) {
            if (!KafkaConfig.BROKER.matcher(broker).matches()) {
                section.problem(
                        "bootstrap-servers",
                        "\"" + broker + "\" is not allowed, expected host and port, such as " + BROKERS.get(0));
            }
        }
        if (brokers.isEmpty()) {
            section.problem("bootstrap-servers", "expected at least one broker");
        }
        return brokers.isEmpty() ? BROKERS : brokers;
    }

    private static String topic(ConfigReader section) {
        String topic = section.text("topic", TOPIC);
        if (KafkaConfig.TOPIC.matcher(topic).matches()) {
            return topic;
        }
        section.problem("topic", "\"" + topic + "\" is not allowed, expected up to 249 letters, digits, dots, - and _");
        return TOPIC;
    }

    private static PostgresConfig.Encryption encryption(ConfigReader section) {
        var mode = section.choice("ssl-mode", SslMode.class, SslMode.PREFER);
        var authority = unlessNone(section, "ca-file").map(Path::of);
        if (authority.isEmpty() && (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL)) {
            section.problem("ssl-mode", "verify-ca and verify-full need ca-file");
            return new PostgresConfig.Encryption(SslMode.REQUIRE, authority);
        }
        return new PostgresConfig.Encryption(mode, authority);
    }

    private static String table(ConfigReader section) {
        String table = section.text("table", TABLE);
        if (PostgresConfig.TABLE.matcher(table).matches()) {
            return table;
        }
        section.problem(
                "table",
                "\"" + table
                        + "\" is not allowed, expected up to 40 of a-z, 0-9 and _, with a schema and a dot before it or not");
        return TABLE;
    }

    private static Optional<String> unlessNone(ConfigReader section, String key) {
        return Optional.of(section.text(key, "none")).filter(text -> !text.equals("none"));
    }
}
