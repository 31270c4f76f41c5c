package dev.augur.predictionlog.sink;

import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
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

    public PostgresConfig {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("no name of a table: " + table);
        }
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
