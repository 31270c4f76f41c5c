package dev.augur.feature.sql;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.Unusable;
import dev.augur.feature.remote.KeyText;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one fetch, by a statement whose columns are known: the rows; once more where keys have several; which
 * rows are too large to come; and by halves where a row makes the query fail. Confined to one event loop.
 */
final class SqlFetch {
    private static final int MOST_HALVES = 64;

    private final SqlStoreConfig config;
    private final SqlClient client;
    private final Statement statement;
    private final SqlPlan plan;
    private final Instant askedAt;
    private int halves;

    SqlFetch(SqlClient client, Statement statement, Instant askedAt) {
        this.config = statement.config();
        this.client = client;
        this.statement = statement;
        this.plan = Objects.requireNonNull(statement.plan());
        this.askedAt = askedAt;
    }

    /** What the store has of these entities; keys that the column cannot hold are not asked for. */
    Future<Map<Object, FeatureVector>> run(Collection<Object> entityKeys) {
        var asked = new HashMap<Object, List<Object>>();
        var impossible = new HashMap<Object, FeatureVector>();
        for (Object entityKey : entityKeys) {
            String text = KeyText.of(entityKey, config.limits().maxKeyBytes());
            Object key = text == null ? null : plan.keyType().key(text);
            if (key != null) {
                asked.computeIfAbsent(key, first -> new ArrayList<>()).add(entityKey);
            } else {
                var why = text == null
                        ? KeyText.unfit(config.limits().maxKeyBytes())
                        : plan.keyType().unfit();
                impossible.put(entityKey, FeatureVector.unusable(entityKey, Unusable.key(why), askedAt));
            }
        }
        return (asked.isEmpty() ? Future.succeededFuture(Map.<Object, FeatureVector>of()) : ask(asked))
                .map(found -> both(found, impossible));
    }

    private Future<Map<Object, FeatureVector>> ask(Map<Object, List<Object>> asked) {
        // One row more than keys is enough to see that the rows are not one of each key.
        return rows(statement.sql(), asked, asked.size() + 1L)
                .compose(rows ->
                        rows.size() > asked.size() ? rows(statement.twinsSql(), asked, 2L * asked.size()) : ok(rows))
                .compose(rows -> withheld(asked, vectors(rows, asked)))
                .recover(failure -> ofARow(failure) ? apart(asked, failure) : Future.failedFuture(failure));
    }

    private Future<RowSet<Row>> rows(String sql, Map<Object, List<Object>> asked, long most) {
        return client.preparedQuery(sql).execute(Tuple.of(plan.keyType().array(asked.keySet()), most));
    }

    private static <T> Future<T> ok(T value) {
        return Future.succeededFuture(value);
    }

    private Map<Object, FeatureVector> vectors(RowSet<Row> rows, Map<Object, List<Object>> asked) {
        var vectors = new HashMap<Object, FeatureVector>();
        for (Row row : rows) {
            for (Object entityKey : askedFor(asked, plan.key(row))) {
                boolean twin = vectors.containsKey(entityKey);
                vectors.put(
                        entityKey,
                        twin
                                ? FeatureVector.unusable(entityKey, Unusable.ambiguous(), askedAt)
                                : plan.vector(entityKey, row, askedAt));
            }
        }
        return vectors;
    }

    private static List<Object> askedFor(Map<Object, List<Object>> asked, @Nullable Object key) {
        return key == null ? List.of() : asked.getOrDefault(key, List.of());
    }

    /**
     * Rows with a text that is too large have not come; which they are is asked only where entities seem to be unknown.
     */
    private Future<Map<Object, FeatureVector>> withheld(
            Map<Object, List<Object>> asked, Map<Object, FeatureVector> found) {
        var missing = new HashMap<>(asked);
        missing.values().removeIf(keys -> found.containsKey(keys.get(0)));
        if (missing.isEmpty() || plan.texts().isEmpty()) {
            return Future.succeededFuture(found);
        }
        var tooLarge = Unusable.tooLarge(config.limits().maxValueBytes());
        return rows(statement.withheldSql(), missing, missing.size() + 1L).map(rows -> {
            for (Row row : rows) {
                Object key = row.getValue(0);
                var why = new Unusable(tooLarge.kind(), "has \"" + row.getString(1) + "\", which is " + tooLarge.why());
                askedFor(missing, key == null ? null : KeyType.ofRow(key))
                        .forEach(entityKey -> found.put(entityKey, FeatureVector.unusable(entityKey, why, askedAt)));
            }
            return found;
        });
    }

    /** Data exceptions, such as a cast or a division that one row cannot go through: not the failure of the others. */
    private static boolean ofARow(Throwable failure) {
        return state(failure).startsWith("22");
    }

    private Future<Map<Object, FeatureVector>> apart(Map<Object, List<Object>> asked, Throwable failure) {
        halves++;
        if (asked.size() == 1 || halves > MOST_HALVES) {
            var why = new Unusable(
                    LookupFailure.WRONG_TYPE, "has a row that the query cannot read (" + state(failure) + ")");
            var vectors = new HashMap<Object, FeatureVector>();
            asked.values()
                    .forEach(keys -> keys.forEach(key -> vectors.put(key, FeatureVector.unusable(key, why, askedAt))));
            return Future.succeededFuture(vectors);
        }
        var first = new HashMap<Object, List<Object>>();
        var second = new HashMap<Object, List<Object>>();
        asked.forEach((key, keys) -> (first.size() * 2 < asked.size() ? first : second).put(key, keys));
        return ask(first).compose(found -> ask(second).map(others -> both(found, others)));
    }

    private static String state(Throwable failure) {
        return failure instanceof PgException refused ? String.valueOf(refused.getSqlState()) : "";
    }

    private static Map<Object, FeatureVector> both(
            Map<Object, FeatureVector> first, Map<Object, FeatureVector> second) {
        var all = new HashMap<>(first);
        all.putAll(second);
        return all;
    }
}
