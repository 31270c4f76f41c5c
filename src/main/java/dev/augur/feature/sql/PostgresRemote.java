package dev.augur.feature.sql;

import dev.augur.error.ServingException;
import dev.augur.feature.remote.Remote;
import dev.augur.feature.remote.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;

/** Pipelined, pooled clients of PostgreSQL. Thread-safe. */
final class PostgresRemote implements Remote<SqlClient> {
    private static final int CACHED_STATEMENTS = 16;

    private final Vertx vertx;
    private final SqlStoreConfig config;

    PostgresRemote(Vertx vertx, SqlStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    @Override
    public String store() {
        return config.name();
    }

    @Override
    public SqlClient open() {
        // No time limit in the pool: a fetch has its own, and the pool's would go off after a connection that failed.
        var pool = new PoolOptions()
                .setMaxSize(config.limits().connections())
                .setMaxWaitQueueSize(config.limits().waiting())
                .setConnectionTimeout(0);
        return PgBuilder.client()
                .with(pool)
                .connectingTo(connectOptions())
                .using(vertx)
                .build();
    }

    @Override
    public Future<Void> close(SqlClient client) {
        return client.close();
    }

    @Override
    public ServingException explain(Throwable failure) {
        return Unavailable.of(config.name(), reason(failure));
    }

    private PgConnectOptions connectOptions() {
        var connect = config.connect();
        var options = new PgConnectOptions()
                .setHost(connect.host())
                .setPort(connect.port())
                .setDatabase(connect.database())
                .setUser(connect.user())
                .setPassword(connect.password().value())
                .setSslMode(connect.sslMode())
                .setSslOptions(sslOptions(connect))
                .setPipeliningLimit(connect.pipelining())
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
                .setPreparedStatementCacheSqlFilter(sql -> true);
        return options.addProperty(
                "statement_timeout", String.valueOf(config.limits().patience().toMillis()));
    }

    private static ClientSSLOptions sslOptions(SqlConnectConfig connect) {
        var options = new ClientSSLOptions().setTrustAll(connect.caFile() == null);
        if (connect.caFile() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(connect.caFile().toString()));
        }
        return options.setHostnameVerificationAlgorithm(connect.sslMode() == SslMode.VERIFY_FULL ? "HTTPS" : "");
    }

    private static String reason(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return state.startsWith("28")
                    ? "the server refuses the login (" + state + ")"
                    : refused.getErrorMessage() + " (" + state + ")";
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return "too many fetches wait for a connection";
        }
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("Parameter at position")
                ? "$1 of the query is not an array of the key column's type"
                : "cannot connect, or the connection was lost";
    }
}
