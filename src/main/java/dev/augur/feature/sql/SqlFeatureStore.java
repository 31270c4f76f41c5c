package dev.augur.feature.sql;

import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.Unusable;
import dev.augur.feature.remote.KeyText;
import dev.augur.feature.remote.Lifeline;
import dev.augur.feature.remote.Unavailable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Features in PostgreSQL: one prepared query with the keys as its array parameter. It connects at the first fetch; a server that is away
 * makes fetches fail until it is back. A key that the key column's type cannot hold is of an unknown entity: {@code "x"} in a column of
 * integers, NUL in a text. A {@code Long} and its text are the same key. Thread-safe.
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
        return plan(client, statement)
                .compose(plan -> query(client, statement.with(plan), plan, new Question(keys, askedAt)))
                .onFailure(failure -> renew(statement, failure));
    }

    private Statement statement() {
        return Objects.requireNonNull(current.get());
    }

    /** The columns of the query; asked once, without a row. */
    private Future<SqlPlan> plan(SqlClient client, Statement statement) {
        if (statement.plan() != null) {
            return Future.succeededFuture(statement.plan());
        }
        return client.preparedQuery(statement.sql())
                .execute(Tuple.of((Object) null, NO_ROWS))
                .map(rows -> SqlPlan.of(config, rows.columnDescriptors()))
                .onSuccess(plan -> current.compareAndSet(statement, statement.with(plan)));
    }

    private Future<Map<Object, FeatureVector>> query(
            SqlClient client, Statement statement, SqlPlan plan, Question question) {
        var asked = new HashMap<Object, List<Object>>();
        for (Object entityKey : question.keys()) {
            String text = KeyText.of(entityKey, config.limits().maxKeyBytes());
            Object key = text == null ? null : plan.keyType().key(text);
            if (key != null) {
                asked.computeIfAbsent(key, first -> new ArrayList<>()).add(entityKey);
            }
        }
        if (asked.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        // One row more than keys is enough to see that the keys are not unique.
        return client.preparedQuery(statement.sql())
                .execute(Tuple.of(plan.keyType().array(asked.keySet()), asked.size() + 1L))
                .map(rows -> vectors(plan, rows, asked, question.askedAt()))
                .compose(found -> withheld(client, statement, plan, new Found(question, asked, found)));
    }

    /** Rows with a text that is too large have not come; which they are is asked only where entities seem to be unknown. */
    private Future<Map<Object, FeatureVector>> withheld(
            SqlClient client, Statement statement, SqlPlan plan, Found found) {
        var missing = new HashMap<>(found.asked());
        missing.values().removeIf(keys -> found.vectors().containsKey(keys.get(0)));
        if (missing.isEmpty() || plan.texts().isEmpty()) {
            return Future.succeededFuture(found.vectors());
        }
        return client.preparedQuery(statement.withheldSql())
                .execute(Tuple.of(plan.keyType().array(missing.keySet()), missing.size() + 1L))
                .map(rows -> {
                    var all = new HashMap<>(found.vectors());
                    for (Row row : rows) {
                        Map<String, Object> why = Map.of(
                                row.getString(1),
                                Unusable.tooLarge(config.limits().maxValueBytes()));
                        missing.getOrDefault(KeyType.ofRow(row.getValue(0)), List.of())
                                .forEach(key -> all.put(
                                        key,
                                        new FeatureVector(
                                                key, why, found.question().askedAt())));
                    }
                    return Map.copyOf(all);
                });
    }

    private Map<Object, FeatureVector> vectors(
            SqlPlan plan, RowSet<Row> rows, Map<Object, List<Object>> asked, Instant askedAt) {
        var vectors = new HashMap<Object, FeatureVector>();
        for (Row row : rows) {
            for (Object entityKey : asked.getOrDefault(plan.key(row), List.of())) {
                if (vectors.put(entityKey, plan.vector(entityKey, row, askedAt)) != null) {
                    throw Unavailable.of(config.name(), "more than one row for \"" + entityKey + "\"");
                }
            }
        }
        if (rows.size() > asked.size()) {
            throw Unavailable.of(config.name(), "more rows than were asked for");
        }
        return Map.copyOf(vectors);
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
                && List.of("0A000", "26000").contains(refused.getSqlState());
    }

    private static boolean changed(PgException refused) {
        return outdated(refused) || String.valueOf(refused.getSqlState()).startsWith("42");
    }

    /** What is asked, and since when. */
    private record Question(Set<Object> keys, Instant askedAt) {}

    /** What came of it: the entities by the keys that were sent, and their vectors. */
    private record Found(Question question, Map<Object, List<Object>> asked, Map<Object, FeatureVector> vectors) {}
}
