package dev.augur.feature.sql;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The prepared query: the store's own within, with a limit of rows. Once the columns are known it leaves out those that
 * cannot be features, and rows that have a text which is too large, since the client reads whatever comes. Thread-safe.
 *
 * @param generation how often it was replaced
 * @param plan what is known about its columns
 * @param plannedAt since when, in nanoseconds
 */
record Statement(SqlStoreConfig config, int generation, @Nullable SqlPlan plan, long plannedAt) {
    private static final long PLAN_NANOS = Duration.ofMinutes(1).toNanos();

    static Statement first(SqlStoreConfig config) {
        return new Statement(config, 0, null, 0);
    }

    /**
     * Whether the columns have to be asked for: they are not known, or were long ago and a new one would not be seen.
     */
    boolean unplanned(long now) {
        return plan == null || (!plan.plain() && now - plannedAt > PLAN_NANOS);
    }

    /** The same with columns that are not known yet. */
    Statement bare() {
        return new Statement(config, generation, null, 0);
    }

    /** The same under another text, so that no connection uses what it prepared for this one. */
    Statement next() {
        return new Statement(config, generation + 1, null, 0);
    }

    Statement with(SqlPlan known, long now) {
        return new Statement(config, generation, known, now);
    }

    /** The rows of {@code $1}, at most {@code $2}. */
    String sql() {
        boolean all = plan == null || plan.plain();
        var conditions = small();
        String where = conditions.isEmpty() ? "" : " WHERE " + conditions;
        return "SELECT " + (all ? "*" : names()) + " FROM " + features() + where + limit();
    }

    /** The same without those that nobody asked for, and at most two rows of one key. */
    String twinsSql() {
        var conditions = small();
        String where = " WHERE " + key() + " = ANY($1)" + (conditions.isEmpty() ? "" : " AND " + conditions);
        return "SELECT " + names() + " FROM (SELECT features.*, row_number() OVER (PARTITION BY " + key()
                + ") AS \"row of a key\" FROM " + features() + where + ") AS features WHERE \"row of a key\" <= 2"
                + limit();
    }

    /** The rows that {@link #sql} leaves out: the key, and the column that is too large. */
    String withheldSql() {
        String columns = texts().stream()
                .map(name -> "WHEN " + large(name) + " THEN '" + name.replace("'", "''") + "'")
                .collect(Collectors.joining(" "));
        return "SELECT k, min(c) FROM (SELECT " + key() + " AS k, CASE " + columns + " END AS c FROM " + features()
                + ") AS sizes WHERE c IS NOT NULL GROUP BY k" + limit();
    }

    private String features() {
        return "(\n" + config.lookup().sql() + "\n) AS features";
    }

    private String limit() {
        return " LIMIT $2 -- " + generation;
    }

    private String names() {
        return plan == null
                ? "*"
                : plan.selected().stream()
                        .map(column ->
                                "features." + SqlLookup.quoted(column.name()) + (column.asText() ? "::text" : ""))
                        .collect(Collectors.joining(", "));
    }

    private String key() {
        return "features." + SqlLookup.quoted(plan == null ? "" : plan.keyName());
    }

    private List<String> texts() {
        return plan == null ? List.of() : plan.texts();
    }

    private String small() {
        return texts().stream().map(name -> "(" + large(name) + ") IS NOT TRUE").collect(Collectors.joining(" AND "));
    }

    private String large(String name) {
        return "octet_length(features." + SqlLookup.quoted(name) + ") > "
                + config.limits().maxValueBytes();
    }
}
