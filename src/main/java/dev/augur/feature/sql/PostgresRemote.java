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
import io.vertx.sqlclient.SqlConnection;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pipelined, pooled clients of PostgreSQL. Thread-safe. */
final class PostgresRemote implements Remote<SqlClient> {
    private static final int CACHED_STATEMENTS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresRemote.class);
    /** A prepared statement that is not there, or is there already. */
    private static final Set<String> SWAPPED = Set.of("26000", "42P05");

    private final Vertx vertx;
    private final SqlStoreConfig config;
    private final AtomicBoolean shared; // connections, by a proxy

    PostgresRemote(Vertx vertx, SqlStoreConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.shared = new AtomicBoolean(config.connect().pipelining() == 1);
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
                .withConnectHandler(this::limitTime)
                .using(vertx)
                .build();
    }

    @Override
    public Future<Void> close(SqlClient client) {
        return client.close();
    }

    /** What was prepared on a connection is not there, or somebody else's: from then on nothing is kept prepared. */
    @Override
    public boolean outlived(Throwable failure) {
        boolean swapped = failure instanceof PgException refused && SWAPPED.contains(refused.getSqlState());
        boolean first = swapped && shared.compareAndSet(false, true);
        if (first) {
            LOG.info("feature store \"{}\": a proxy shares connections, statements are not kept prepared", store());
        }
        return first;
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
                .setPipeliningLimit(shared.get() ? 1 : connect.pipelining())
                .setCachePreparedStatements(!shared.get())
                .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
                .setPreparedStatementCacheSqlFilter(sql -> true);
        options.getProperties().remove("extra_float_digits"); // refused by proxies; numbers come in binary
        return shared.get() ? options.setUseLayer7Proxy(true) : options;
    }

    /** Not a parameter of the start, which proxies such as PgBouncer refuse. */
    private void limitTime(SqlConnection connection) {
        connection
                .query("SET statement_timeout = " + config.limits().patience().toMillis())
                .execute()
                .eventually(connection::close)
                .onFailure(lost -> {}); // who uses it next sees that
    }

    private static ClientSSLOptions sslOptions(SqlConnectConfig connect) {
        var options = new ClientSSLOptions().setTrustAll(connect.caFile() == null);
        if (connect.caFile() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(connect.caFile().toString()));
        }
        return options.setHostnameVerificationAlgorithm(connect.sslMode() == SslMode.VERIFY_FULL ? "HTTPS" : "");
    }

    /** Without the server's own words, which name roles, tables and values; the log has them. */
    private static String reason(Throwable failure) {
        if (failure instanceof PgException refused) {
            String state = String.valueOf(refused.getSqlState());
            return refusal(state) + " (" + state + ")";
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return "too many fetches wait for a connection";
        }
        String message = String.valueOf(failure.getMessage());
        return message.startsWith("Parameter at position")
                ? "$1 of the query is not an array of the key column's type"
                : "cannot connect, or the connection was lost";
    }

    private static String refusal(String state) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "28" -> "the server refuses the login";
            case "3D" -> "the server has no such database";
            case "42" -> "the server refuses the query";
            case "53" -> "the server is out of room or connections";
            case "57" -> "57014".equals(state) ? "the query takes too long" : "the server is starting or stopping";
            default -> "the server refuses";
        };
    }
}
