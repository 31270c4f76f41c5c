package dev.augur.feature.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What is asked: SQL with one parameter {@code $1}, the array of the keys. Thread-safe. */
public sealed interface SqlLookup {
    /** The SQL of it. */
    String sql();

    /** A name of the catalog as SQL has it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** The key's column by name, or empty when it is the first. */
    String keyColumn();

    /**
     * Rows of a table or a view, one for each entity. Thread-safe.
     *
     * @param table its name, with the schema in front if need be; upper and lower case as in the catalog
     * @param keyColumn the column with the keys, of an integer type, {@code uuid}, {@code text} or {@code varchar}
     * @param columns the features; none for all columns but the key
     */
    record Table(String table, String keyColumn, List<String> columns) implements SqlLookup {
        private static final int LONGEST_NAME_BYTES = 63;

        public Table {
            columns = List.copyOf(columns);
            List.of(table.split("\\.", -1)).forEach(Table::check);
            check(keyColumn);
            columns.forEach(Table::check);
        }

        @Override
        public String sql() {
            String from = List.of(table.split("\\.", -1)).stream()
                    .map(SqlLookup::quoted)
                    .collect(Collectors.joining("."));
            String selected = columns.isEmpty()
                    ? "*"
                    : SqlLookup.quoted(keyColumn) + ", "
                            + columns.stream().map(SqlLookup::quoted).collect(Collectors.joining(", "));
            return "SELECT " + selected + " FROM " + from + " WHERE " + SqlLookup.quoted(keyColumn) + " = ANY($1)";
        }

        private static void check(String name) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > LONGEST_NAME_BYTES || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("\"" + name + "\" is no name: it must have 1 to "
                        + LONGEST_NAME_BYTES + " bytes and no NUL character");
            }
        }
    }

    /**
     * What an operator wrote: a query whose first column is the key and whose other columns are the features.
     * Thread-safe.
     *
     * @param query has {@code $1} where the keys are compared: {@code WHERE id = ANY($1)}, an array of the first
     *     column's type
     */
    record Query(String query) implements SqlLookup {
        public Query {
            query = query.strip().replaceAll("[;\\s]+$", "");
            if (!query.contains("$1")) {
                throw new IllegalArgumentException("the query must have $1 where the keys are compared: ... = ANY($1)");
            }
        }

        @Override
        public String sql() {
            return query;
        }

        @Override
        public String keyColumn() {
            return "";
        }
    }
}
