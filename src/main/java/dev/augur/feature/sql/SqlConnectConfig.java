package dev.augur.feature.sql;

import dev.augur.feature.remote.Secret;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where PostgreSQL is and who asks it. Thread-safe.
 *
 * @param sslMode as libpq has it; {@code REQUIRE} and below encrypt without knowing the server, {@code VERIFY_CA} and
 *     {@code VERIFY_FULL} need {@code caFile}
 * @param caFile PEM file of the authorities that may have signed the server's certificate
 * @param pipelining most queries on their way on one connection, at least 1; 1 for servers behind a proxy that shares
 *     connections
 */
public record SqlConnectConfig(
        String host,
        int port,
        String database,
        String user,
        Secret password,
        SslMode sslMode,
        @Nullable Path caFile,
        int pipelining) {
    private static final int PIPELINING = 8;

    public SqlConnectConfig {
        if (pipelining < 1) {
            throw new IllegalArgumentException("pipelining must be at least 1, not " + pipelining);
        }
        if (caFile == null && (sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL)) {
            throw new IllegalArgumentException("ssl mode " + sslMode + " needs the file of an authority");
        }
    }

    /** That database, with {@code PREFER} and 8 queries on their way on one connection. */
    public static SqlConnectConfig of(String host, int port, String database, SqlLogin login) {
        return new SqlConnectConfig(
                host, port, database, login.user(), login.password(), SslMode.PREFER, null, PIPELINING);
    }

    /** Who asks. Thread-safe. */
    public record SqlLogin(String user, Secret password) {}
}
