package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.Certificate;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class SqlFeatureStoreTest {
    private static Vertx vertx;
    private static PostgresProcess postgres;

    private SqlFeatureStore store;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        SqlFeatureStoreTest.vertx = vertx;
        postgres = PostgresProcess.start();
        sql("CREATE TABLE wine (id bigint PRIMARY KEY, alcohol double precision, color text, old boolean);"
                + "INSERT INTO wine VALUES (1, 13.5, 'red', true), (2, NULL, 'white', false), (3, NULL, NULL, NULL)");
        sql("CREATE TABLE texts (id text PRIMARY KEY, n integer); INSERT INTO texts VALUES ('7', 7)");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            TestServer.await(store.close());
        }
    }

    @Test
    void fetchesManyAndLeavesOutNullsAndUnknownKeys() throws Exception {
        table("wine", "id", "alcohol", "color");

        var vectors = fetch(1L, 2L, 3L, 99L);

        assertThat(vectors).containsOnlyKeys(1L, 2L, 3L);
        assertThat(vectors.get(1L).values()).isEqualTo(Map.of("alcohol", 13.5, "color", "red"));
        assertThat(vectors.get(2L).values()).isEqualTo(Map.of("color", "white"));
        assertThat(vectors.get(3L).values()).isEmpty();
        assertThat(vectors.get(1L).entityKey()).isEqualTo(1L);
    }

    @Test
    void fetchesAllColumnsButTheKey() throws Exception {
        table("public.wine", "id");

        assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("alcohol", 13.5, "color", "red", "old", true));
    }

    @Test
    void givesEveryTypeItsFeature() throws Exception {
        sql(
                "CREATE TABLE types AS SELECT 1::bigint AS id, 2::smallint AS s, 3::integer AS i, 0.5::real AS r,"
                        + " 1.25::numeric AS n, 'v'::varchar AS v, 'c'::char(3) AS c,"
                        + " 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'::uuid AS u, '2026-01-02'::date AS d,"
                        + " '2026-01-02 03:04:00'::timestamp AS t, '2026-01-02 03:04:05+01'::timestamptz AS z, '03:04'::time AS h");
        table("types", "id");

        assertThat(fetch(1L).get(1L).values())
                .isEqualTo(Map.ofEntries(
                        Map.entry("s", 2L),
                        Map.entry("i", 3L),
                        Map.entry("r", 0.5),
                        Map.entry("n", 1.25),
                        Map.entry("v", "v"),
                        Map.entry("c", "c  "),
                        Map.entry("u", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
                        Map.entry("d", "2026-01-02"),
                        Map.entry("t", "2026-01-02T03:04:00"),
                        Map.entry("z", "2026-01-02T02:04:05Z"),
                        Map.entry("h", "03:04:00")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'x'::bytea", "'{}'::json", "'{1,2}'::integer[]", "'1 day'::interval", "'1'::money"})
    void aColumnThatCannotBeAFeatureDoesNotFailTheOthers(String value) throws Exception {
        query("SELECT 1::bigint AS id, 1.0::real AS fine, " + value + " AS odd WHERE 1 = ANY($1)");

        var values = fetch(1L).get(1L).values();
        assertThat(values).containsEntry("fine", 1.0);
        assertThat(values.get("odd")).asString().contains("WRONG_TYPE", "of type", "a query can convert it");
    }

    @Test
    void readsAnOperatorsQuery() throws Exception {
        query("SELECT id, alcohol * 2 AS twice FROM wine WHERE id = ANY($1) -- doubled ;\n ; ");

        assertThat(fetch(1L, 2L).get(1L).values()).isEqualTo(Map.of("twice", 27.0));
    }

    @ParameterizedTest
    @CsvSource({
        "smallint,32767,32768",
        "integer,2147483647,2147483648",
        "bigint,9223372036854775807,9223372036854775808"
    })
    void takesIntegersOfTheColumnsRangeAlone(String type, String largest, String tooLarge) throws Exception {
        query("SELECT k::" + type + " AS id, 'x' AS x FROM (VALUES (" + largest + ")) AS v(k) WHERE k::" + type
                + " = ANY($1)");

        assertThat(known(largest, tooLarge, "0" + largest, "+" + largest, "x", ""))
                .containsOnlyKeys(largest);
        assertThat(fetch(Long.parseLong(largest))).hasSize(1);
    }

    @Test
    void takesANumberAndItsTextForOneKey() throws Exception {
        table("texts", "id");
        assertThat(fetch(7L, "7", "07")).containsOnlyKeys(7L, "7");
        close();

        table("wine", "id");
        assertThat(fetch(1L, "1")).containsOnlyKeys(1L, "1");
    }

    @Test
    void takesUuidsAsTheyAreWritten() throws Exception {
        var id = UUID.randomUUID();
        query("SELECT '" + id + "'::uuid AS id, 1 AS one WHERE '" + id + "'::uuid = ANY($1)");

        assertThat(known(id.toString(), "1-1-1-1-1", "x", 1L)).containsOnlyKeys(id.toString());
    }

    @Test
    void hostileKeysAreOnlyKeys() throws Exception {
        var hostile = List.of(
                "'; DROP TABLE texts; --",
                "\"",
                "\\",
                "a/../b",
                "\n\r\t",
                "%27%00",
                "$1",
                "{a,b}",
                "NULL",
                "\u0000",
                "a\u0000b",
                "\ud800",
                "\ud83d\ude00",
                "x".repeat(1 << 20),
                "");
        sql("CREATE TABLE hostile (id text PRIMARY KEY, n integer)");
        for (String key : hostile.subList(0, 9)) {
            sql("INSERT INTO hostile VALUES (U&'" + escaped(key) + "', " + hostile.indexOf(key) + ")");
        }
        table("hostile", "id");

        var vectors = known(hostile.toArray());

        assertThat(vectors.keySet()).containsExactlyInAnyOrderElementsOf(List.<Object>copyOf(hostile.subList(0, 9)));
        vectors.forEach(
                (key, vector) -> assertThat(vector.values()).isEqualTo(Map.of("n", (long) hostile.indexOf(key))));
        assertThat(sql("SELECT 1 FROM texts")).isEqualTo(1);
    }

    @Test
    void namesOfTablesAndColumnsAreOnlyNames() throws Exception {
        sql("CREATE TABLE \"Odd \"\" table; --\" (\"Key's\" integer, \"a b\" integer);"
                + "INSERT INTO \"Odd \"\" table; --\" VALUES (1, 5)");
        table("Odd \" table; --", "Key's", "a b");

        assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("a b", 5L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT id, x FROM nowhere WHERE id = ANY($1)|42P01",
                "SELEC id FROM wine WHERE id = ANY($1)|42601",
                "SELECT 1.5::float8 AS id, 2 AS x WHERE 1 = ANY($1)|key column \"id\" of type float8",
                "SELECT 1::bigint AS id, 2 AS x, 3 AS x WHERE 1 = ANY($1)|two columns have one name",
                "SELECT 'a'::text AS id, 1 AS x FROM wine WHERE id = ANY($1)|not an array of the key column's type"
            })
    void saysWhatIsWrongWithAQuery(String query, String message) throws Exception {
        query(query);

        assertUnavailable(message, 1L);
    }

    @Test
    void followsATableThatChanges() throws Exception {
        sql("CREATE TABLE changing (id bigint PRIMARY KEY, a integer); INSERT INTO changing VALUES (1, 1)");
        table("changing", "id");
        for (int i = 0; i < 20; i++) {
            assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("a", 1L));
        }

        sql("ALTER TABLE changing ADD COLUMN b text DEFAULT 'new'");
        assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("a", 1L, "b", "new"));
        sql("ALTER TABLE changing ALTER COLUMN a TYPE double precision");
        assertThat(fetch(1L).get(1L).values()).isEqualTo(Map.of("a", 1.0, "b", "new"));
        sql("DROP TABLE changing; CREATE TABLE changing (id text, a text); INSERT INTO changing VALUES ('1', 'x')");
        TestServer.eventually(() -> fetchOrNothing(1L).equals(Map.of("a", "x")));
    }

    @Test
    void completesOnTheCallersContext(VertxTestContext test) throws Exception {
        table("wine", "id");
        Context caller = vertx.getOrCreateContext();

        caller.runOnContext(ignored -> store.fetch(Set.of(1L))
                .onComplete(test.succeeding(found -> test.verify(() -> {
                    assertThat(Vertx.currentContext()).isSameAs(caller);
                    test.completeNow();
                }))));
    }

    @Test
    void keepsThePasswordToItself() throws Exception {
        var login = new SqlConnectConfig.SqlLogin(PostgresProcess.USER, new Secret("hunter2"));
        var connect = SqlConnectConfig.of("127.0.0.1", postgres.port(), PostgresProcess.DATABASE, login);
        store = new SqlFeatureStore(
                vertx,
                new SqlStoreConfig("s", connect, new SqlLookup.Table("wine", "id", List.of()), RemoteLimits.DEFAULT));

        assertUnavailable("refuses the login (28P01)", 1L);
        assertThat(connect.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @EnumSource(SslMode.class)
    void speaksInEverySslMode(SslMode mode) throws Exception {
        open(mode, mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL ? postgres.authority() : null);

        assertThat(fetch(1L)).containsOnlyKeys(1L);
        assertThat(postgres.execute(vertx, "SELECT 1 FROM pg_stat_ssl WHERE ssl AND pid <> pg_backend_pid()")
                        .size())
                .isEqualTo(mode == SslMode.DISABLE || mode == SslMode.ALLOW ? 0 : 1);
    }

    @Test
    void refusesAServerOfAnotherAuthority(@TempDir Path folder) throws Exception {
        open(SslMode.VERIFY_FULL, Certificate.create(folder).file());

        assertUnavailable("cannot connect", 1L);
    }

    private void open(SslMode mode, Path caFile) {
        var connect = new SqlConnectConfig(
                "127.0.0.1",
                postgres.port(),
                PostgresProcess.DATABASE,
                PostgresProcess.USER,
                new Secret(PostgresProcess.PASSWORD),
                mode,
                caFile,
                1);
        var lookup = new SqlLookup.Table("wine", "id", List.of());
        store = new SqlFeatureStore(vertx, new SqlStoreConfig("wines", connect, lookup, RemoteLimits.DEFAULT));
    }

    private void table(String table, String key, String... columns) {
        open(new SqlLookup.Table(table, key, List.of(columns)));
    }

    private void query(String query) {
        open(new SqlLookup.Query(query));
    }

    private void open(SqlLookup lookup) {
        var login = new SqlConnectConfig.SqlLogin(PostgresProcess.USER, new Secret(PostgresProcess.PASSWORD));
        var connect = SqlConnectConfig.of("127.0.0.1", postgres.port(), PostgresProcess.DATABASE, login);
        store = new SqlFeatureStore(vertx, new SqlStoreConfig("wines", connect, lookup, RemoteLimits.DEFAULT));
    }

    private Map<Object, FeatureVector> fetch(Object... keys) throws Exception {
        return TestServer.await(store.fetch(Set.of(keys)));
    }

    private Map<Object, FeatureVector> known(Object... keys) throws Exception {
        var found = new HashMap<>(fetch(keys));
        found.values().removeIf(vector -> {
            var fault = vector.fault();
            return fault != null && fault.kind() == LookupFailure.UNKNOWN_ENTITY;
        });
        return found;
    }

    private Map<String, Object> fetchOrNothing(Object key) throws Exception {
        return TestServer.await(
                store.fetch(Set.of(key)).map(found -> found.get(key).values()).otherwise(Map.of()));
    }

    private void assertUnavailable(String message, Object... keys) {
        assertThatThrownBy(() -> fetch(keys))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(ServingException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.FEATURES_UNAVAILABLE))
                .hasMessageContaining(message)
                .hasMessageNotContaining("hunter2");
    }

    private static int sql(String statements) throws Exception {
        return postgres.execute(vertx, statements).size();
    }

    private static String escaped(String key) {
        var escaped = new StringBuilder();
        key.chars().forEach(unit -> escaped.append(String.format("\\%04x", unit)));
        return escaped.toString();
    }
}
