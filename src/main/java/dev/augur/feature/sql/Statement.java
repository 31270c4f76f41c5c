package dev.augur.feature.sql;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The prepared query: the store's own within, with a limit of rows, and once the columns are known without rows that have a text which is
 * too large, since the client reads whatever comes. Thread-safe.
 *
 * @param generation how often it was replaced
 * @param plan what is known about its columns
 */
record Statement(SqlStoreConfig config, int generation, @Nullable SqlPlan plan) {
    static Statement first(SqlStoreConfig config) {
        return new Statement(config, 0, null);
    }

    /** The same under another text, so that no connection uses what it prepared for this one. */
    Statement next() {
        return new Statement(config, generation + 1, null);
    }

    Statement with(SqlPlan known) {
        return new Statement(config, generation, known);
    }

    /** The rows of {@code $1}, at most {@code $2}. */
    String sql() {
        return "SELECT * FROM (\n" + config.lookup().sql() + "\n) AS features" + condition() + " LIMIT $2 -- "
                + generation;
    }

    /** The rows that {@link #sql} leaves out: the key, and the column that is too large. */
    String withheldSql() {
        String columns = plan == null
                ? ""
                : plan.texts().stream()
                        .map(name -> "WHEN " + large(name) + " THEN '" + name.replace("'", "''") + "'")
                        .collect(Collectors.joining(" "));
        return "SELECT k, c FROM (SELECT " + key() + " AS k, CASE " + columns + " END AS c FROM (\n"
                + config.lookup().sql() + "\n) AS features) AS sizes WHERE c IS NOT NULL LIMIT $2 -- " + generation;
    }

    private String key() {
        return "features." + SqlLookup.quoted(plan == null ? "" : plan.keyName());
    }

    private String condition() {
        return plan == null || plan.texts().isEmpty()
                ? ""
                : plan.texts().stream()
                        .map(name -> "(" + large(name) + ") IS NOT TRUE")
                        .collect(Collectors.joining(" AND ", " WHERE ", ""));
    }

    private String large(String name) {
        return "octet_length(features." + SqlLookup.quoted(name) + ") > "
                + config.limits().maxValueBytes();
    }
}
