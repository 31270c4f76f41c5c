package dev.augur.config;

import dev.augur.predictionlog.sink.PostgresConfig;
import dev.augur.predictionlog.sink.SinksConfig;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of the prediction log's sinks. */
final class SinkSettings {
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MAX_PORT = 65_535;
    private static final String TABLE = "augur_predictions";

    private SinkSettings() {}

    /** Problems are left with the reader. */
    static SinksConfig read(ConfigReader reader) {
        var section = reader.under("postgres.");
        boolean enabled = section.flag("enabled", false);
        var postgres = new PostgresConfig(
                new PostgresConfig.Address(
                        section.text("host", "127.0.0.1"),
                        section.integer("port", 5_432, 1, MAX_PORT),
                        section.text("database", "augur")),
                new PostgresConfig.Login(section.text("user", "augur"), unlessNone(section, "password")),
                encryption(section),
                table(section),
                new PostgresConfig.Limits(
                        section.integer("batch-size", 500, 1, 10_000),
                        section.duration("timeout", "30s", TENTH, HOUR),
                        section.duration("max-retry-delay", "10s", TENTH, HOUR)));
        return new SinksConfig(enabled ? Optional.of(postgres) : Optional.empty());
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
