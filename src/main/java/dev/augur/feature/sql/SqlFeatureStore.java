package dev.augur.feature.sql;

import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.remote.Lifeline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Features in PostgreSQL: one prepared query with the keys as its array parameter. It connects at the first fetch; a
 * server that is away makes fetches fail until it is back. A key that the key column's type cannot hold is of no
 * entity: {@code "x"} in a column of integers, NUL in a text. What is wrong with one row is the fault of its entity
 * alone. A {@code Long} and its text are the same key. Thread-safe.
 */
public final class SqlFeatureStore implements FeatureStore {
    private static final long NO_ROWS = 0;

    private final SqlStoreConfig config;
    private final Lifeline<SqlClient> lifeline;
    private final AtomicReference<Statement> current;

    public SqlFeatureStore(Vertx vertx, SqlStoreConfig config) {
        this.config = config;
        this.lifeline = new Lifeline<>(
                vertx, new PostgresRemote(vertx, config), config.limits().patience());
        this.current = new AtomicReference<>(Statement.first(config));
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        Instant askedAt = Instant.now();
        var keys = Set.copyOf(entityKeys);
        return lifeline.call(client -> attempt(client, keys, askedAt)
                .recover(failure -> outdated(failure) ? attempt(client, keys, askedAt) : Future.failedFuture(failure)));
    }

    @Override
    public int maxKeys() {
        return config.limits().maxKeys();
    }

    @Override
    public Future<Void> close() {
        return lifeline.close();
    }

    private Future<Map<Object, FeatureVector>> attempt(SqlClient client, Set<Object> keys, Instant askedAt) {
        Statement statement = statement();
        return planned(client, statement)
                .compose(planned -> new SqlFetch(client, planned, askedAt).run(keys))
                .onFailure(failure -> renew(statement, failure));
    }

    private Statement statement() {
        return Objects.requireNonNull(current.get());
    }

    /** The statement with the columns of the query, which are asked for without a row. */
    private Future<Statement> planned(SqlClient client, Statement statement) {
        long now = System.nanoTime();
        if (!statement.unplanned(now)) {
            return Future.succeededFuture(statement);
        }
        return client.preparedQuery(statement.bare().sql())
                .execute(Tuple.of((Object) null, NO_ROWS))
                .map(rows -> statement.with(SqlPlan.of(config, rows.columnDescriptors()), now))
                .onSuccess(planned -> current.compareAndSet(statement, planned));
    }

    /** The next statement has another text, so that no connection uses what it prepared for this one. */
    private void renew(Statement statement, Throwable failure) {
        if (failure instanceof PgException refused && changed(refused)) {
            var latest = statement();
            if (latest.generation() == statement.generation()) {
                current.compareAndSet(latest, latest.next());
            }
        }
    }

    /** Whether a table changed behind a prepared statement, or the statement was dropped: worth a second try. */
    private static boolean outdated(Throwable failure) {
        return failure instanceof PgException refused
                && List.of("0A000", "26000", "42P05").contains(refused.getSqlState());
    }

    private static boolean changed(PgException refused) {
        return outdated(refused) || String.valueOf(refused.getSqlState()).startsWith("42");
    }
}
