package dev.augur.predictionlog.sink;

import static dev.augur.setting.Section.Range.between;

import dev.augur.setting.Section;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A table in PostgreSQL. Thread-safe.
 *
 * @param table its name, with its schema and a dot if it is not in the default one
 */
public record PostgresConfig(Address address, Login login, Encryption encryption, String table, SinkLimits limits) {
    /** What a table may be called. */
    public static final Pattern TABLE = Pattern.compile("([a-z_][a-z0-9_]{0,39}\\.)?[a-z_][a-z0-9_]{0,39}");

    private static final String STANDARD_TABLE = "augur_predictions";
    private static final int MAX_PORT = 65_535;

    public PostgresConfig {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("no name of a table: " + table);
        }
    }

    /** What a section says; problems are left with it. */
    public static PostgresConfig read(Section settings) {
        return new PostgresConfig(
                new Address(
                        settings.text("host", "127.0.0.1"),
                        settings.integer("port", 5_432, between(1, MAX_PORT)),
                        settings.text("database", "augur")),
                new Login(
                        settings.text("user", "augur"),
                        Optional.of(settings.text("password", "none")).filter(text -> !text.equals("none"))),
                encryption(settings),
                table(settings),
                SinkLimits.read(settings, Duration.ofSeconds(30), Duration.ofHours(1)));
    }

    private static Encryption encryption(Section settings) {
        var mode = settings.choice("ssl-mode", SslMode.class, SslMode.PREFER);
        var authority = settings.optionalPath("ca-file");
        if (authority.isEmpty() && (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL)) {
            settings.problem("ssl-mode", "verify-ca and verify-full need ca-file");
            return new Encryption(SslMode.REQUIRE, authority);
        }
        return new Encryption(mode, authority);
    }

    private static String table(Section settings) {
        String table = settings.text("table", STANDARD_TABLE);
        if (TABLE.matcher(table).matches()) {
            return table;
        }
        settings.problem(
                "table",
                "\"" + table
                        + "\" is not allowed, expected up to 40 of a-z, 0-9 and _, with a schema and a dot before it or not");
        return STANDARD_TABLE;
    }

    /** Where the server is. Thread-safe. */
    public record Address(String host, int port, String database) {}

    /** Who writes. Thread-safe. */
    public record Login(String user, Optional<String> password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * How the connection is kept private. Thread-safe.
     *
     * @param mode as libpq has it; {@code VERIFY_CA} and {@code VERIFY_FULL} need an authority
     * @param authority PEM file of the authorities that may have signed the server's certificate
     */
    public record Encryption(SslMode mode, Optional<Path> authority) {
        public Encryption {
            if (authority.isEmpty() && (mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL)) {
                throw new IllegalArgumentException("ssl mode " + mode + " needs the file of an authority");
            }
        }
    }
}
