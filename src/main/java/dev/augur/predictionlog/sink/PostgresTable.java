package dev.augur.predictionlog.sink;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The table in SQL: how it is made and brought up to date, and how rows go into it. Its version is the number of steps
 * taken, kept in the table {@code augur_migrations} beside it. Immutable, thread-safe.
 */
final class PostgresTable {
    private static final String VIEW_VERSION = "augur 1";

    private final String schema; // with its dot, or empty
    private final String name;
    private final String quoted;

    PostgresTable(String table) {
        int dot = table.indexOf('.');
        this.schema = dot < 0 ? "" : "\"" + table.substring(0, dot) + "\".";
        this.name = table.substring(dot + 1);
        this.quoted = schema + "\"" + name + "\"";
    }

    /** Steps are only ever added; each makes the next version. */
    List<String> steps() {
        return List.of(
                "CREATE TABLE " + quoted + " (record_id text PRIMARY KEY, writer text NOT NULL, seq bigint NOT NULL,"
                        + " received_at timestamptz, responded_at timestamptz, model text, model_version text,"
                        + " endpoint text, node text, item_id text, client_request_id text, status text,"
                        + " error_code text, record jsonb NOT NULL);"
                        + " CREATE INDEX \"" + name + "_received_at\" ON " + quoted + " (received_at);"
                        + " CREATE INDEX \"" + name + "_item_id\" ON " + quoted + " (item_id)",
                "CREATE TABLE " + refused() + " (writer text, seq bigint, record_id text, reason text NOT NULL,"
                        + " refused_at timestamptz NOT NULL DEFAULT now(), line bytea NOT NULL,"
                        + " PRIMARY KEY (writer, seq))");
    }

    /**
     * What each prediction turned out to be: a row for each outcome of it, one without for a prediction that has none.
     */
    private String view() {
        return schema + "\"" + name + "_with_outcomes\"";
    }

    /**
     * In a function, whose text depends on nothing: a table that a view depends on could be neither altered nor
     * dropped.
     */
    private String makeView() {
        return "CREATE OR REPLACE FUNCTION " + view() + "() RETURNS TABLE (record_id text, received_at timestamptz,"
                + " model text, model_version text, item_id text, status text, outcome jsonb, outcome_id text,"
                + " told_at timestamptz, observed_at timestamptz, record jsonb) LANGUAGE sql STABLE AS $$"
                + " SELECT p.record_id, p.received_at, p.model, p.model_version, p.item_id, p.status,"
                + " o.record->'outcome', o.record_id, o.received_at, (o.record->>'observed_at')::timestamptz, p.record"
                + " FROM " + quoted + " p LEFT JOIN " + quoted + " o"
                + " ON o.record->>'type' = 'outcome' AND o.record->>'prediction_id' = p.record_id"
                + " WHERE p.record->>'type' IS NULL $$;"
                + " CREATE OR REPLACE VIEW " + view() + " AS SELECT * FROM " + view() + "();"
                + " COMMENT ON VIEW " + view() + " IS '" + VIEW_VERSION + "'";
    }

    /**
     * Makes the view, or what an older version of it lacks. Fails where the role may not, which concerns nobody else.
     */
    Future<Void> migrateView(Pool pool) {
        return pool.preparedQuery("SELECT obj_description(to_regclass($1), 'pg_class') AS version")
                .execute(Tuple.of(view()))
                .compose(rows -> VIEW_VERSION.equals(rows.iterator().next().getString("version"))
                        ? Future.succeededFuture()
                        : pool.query(makeView()).execute().mapEmpty());
    }

    /** Makes the table, or adds what an older version of it lacks; nodes that start together take turns. */
    Future<Void> migrate(Pool pool) {
        return version(pool)
                .compose(version -> version >= steps().size()
                        ? Future.succeededFuture()
                        : pool.withTransaction(connection -> begin(connection)
                                .compose(begun -> recorded(connection))
                                .compose(reached -> step(connection, reached))));
    }

    /**
     * A batch: parameters are arrays, one for each of {@link #columns}, and one of JSON. Two nodes that have some
     * records both insert these in the same order, else each may wait for the other.
     */
    String insert() {
        return "INSERT INTO " + quoted + " (" + names() + ") " + convert()
                + " ORDER BY received_at, record_id ON CONFLICT (record_id) DO NOTHING";
    }

    /**
     * The same batch with the same parameters, but only made into what the table holds: what fails here is refused for
     * its content.
     */
    String convert() {
        var values = columns().stream()
                .map(column -> column + (column.endsWith("_at") ? "::timestamptz" : ""))
                .collect(Collectors.joining(", "));
        int last = columns().size() + 1;
        var parameters = IntStream.rangeClosed(1, last)
                .mapToObj(i -> "$" + i + (i == 2 ? "::bigint[]" : "::text[]"))
                .collect(Collectors.joining(", "));
        return "SELECT " + values + ", record::jsonb FROM unnest(" + parameters + ") AS lines (" + names() + ")";
    }

    /** A single line that the table refuses: writer, seq, record id, reason, line. */
    String insertRefused() {
        return "INSERT INTO " + refused()
                + " (writer, seq, record_id, reason, line) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    }

    private static String names() {
        return String.join(", ", columns()) + ", record";
    }

    /** Writer, seq, and then those of {@link PredictionRow#FIELDS}. */
    private static List<String> columns() {
        return Stream.concat(Stream.of("writer", "seq"), PredictionRow.FIELDS.stream())
                .toList();
    }

    private String refused() {
        return schema + "\"" + name + "_refused\"";
    }

    private String migrations() {
        return schema + "augur_migrations";
    }

    /**
     * Asked without a transaction, so that a role without the right to create tables can write to one that is up to
     * date.
     */
    private Future<Integer> version(Pool pool) {
        return pool.preparedQuery("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL AS known")
                .execute(Tuple.of(migrations(), quoted))
                .compose(rows -> rows.iterator().next().getBoolean("known")
                        ? pool.withConnection(this::recorded)
                        : Future.succeededFuture(0));
    }

    private Future<Void> begin(SqlConnection connection) {
        return connection
                .query("SELECT pg_advisory_xact_lock(hashtext('augur_migrations'))")
                .execute()
                .compose(locked -> connection
                        .query("CREATE TABLE IF NOT EXISTS " + migrations()
                                + " (table_name text, version integer, applied_at timestamptz NOT NULL DEFAULT now(),"
                                + " PRIMARY KEY (table_name, version))")
                        .execute())
                .compose(made -> connection
                        .preparedQuery(
                                "DELETE FROM " + migrations() + " WHERE table_name = $1 AND to_regclass($2) IS NULL")
                        .execute(Tuple.of(name, quoted))) // somebody dropped the table: it is made again
                .mapEmpty();
    }

    private Future<Integer> recorded(SqlConnection connection) {
        return connection
                .preparedQuery(
                        "SELECT coalesce(max(version), 0) AS version FROM " + migrations() + " WHERE table_name = $1")
                .execute(Tuple.of(name))
                .map(rows -> rows.iterator().next().getInteger("version"));
    }

    private Future<Void> step(SqlConnection connection, int reached) {
        if (reached >= steps().size()) {
            return Future.succeededFuture();
        }
        return connection
                .query(steps().get(reached))
                .execute()
                .compose(done -> connection
                        .preparedQuery("INSERT INTO " + migrations() + " (table_name, version) VALUES ($1, $2)")
                        .execute(Tuple.of(name, reached + 1)))
                .compose(noted -> step(connection, reached + 1));
    }
}
