package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with one row is the fault of its entity, and of nobody else in the same fetch. */
@ExtendWith(VertxExtension.class)
class SqlEntityFaultTest {
    private static Vertx vertx;
    private static PostgresProcess postgres;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        SqlEntityFaultTest.vertx = vertx;
        postgres = PostgresProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'NaN'::float8",
                "'NaN'::numeric",
                "'Infinity'::real",
                "'-Infinity'::float8",
                "'Infinity'::numeric",
                "'-Infinity'::numeric",
                "'infinity'::timestamp",
                "'-infinity'::timestamptz",
                "'infinity'::date",
                "'-infinity'::date"
            })
    void whatIsNotFiniteIsTheFaultOfItsFeature(String odd) throws Exception {
        var type = odd.substring(odd.indexOf("::"));
        var plain = type.matches("::(date|timestamp.*)") ? "'2026-01-02'" : "'1'";
        var found = fetch(
                "SELECT k AS id, 5 AS fine, CASE k WHEN 3 THEN " + odd + " ELSE " + plain + type
                        + " END AS odd FROM generate_series(1, 9) k WHERE k = ANY($1)",
                9);
        assertThat(found).hasSize(9);
        found.forEach((key, vector) -> {
            assertThat(vector.values()).containsEntry("fine", 5L);
            var value = String.valueOf(vector.values().get("odd"));
            if (key.equals(3L)) {
                assertThat(value).matches("NaN|-?Infinity|.*NOT_FINITE.*");
            } else {
                assertThat(value).matches("1.0|2026-01-02.*");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'time 24:00'",
                "'24:00:00'::time",
                "'4713-01-01 BC'::date",
                "'294276-12-31 23:59:59'::timestamp",
                "'5874897-12-31'::date",
                "1e300::numeric",
                "'{\"a\": [1]}'::jsonb",
                "ARRAY[1, NULL]",
                "'10.0.0.0/8'::inet",
                "'10.0.0.0/8'::cidr",
                "'1 mon -3 days'::interval",
                "'-12.5'::money",
                "'\\x00ff'::bytea",
                "'mood'::regtype::oid",
                "'happy'::mood",
                "'(1,2)'::point",
                "'[1,5)'::int4range",
                "B'101'",
                "'<a/>'::xml",
                "'a b'::tsvector",
                "ROW(1, 2)",
                "'a=>1'::text COLLATE \"C\"",
                "NULL",
                "'08:00:2b:01:02:03'::macaddr"
            })
    void noColumnTakesTheOthersDown(String odd) throws Exception {
        postgres.execute(
                vertx,
                "DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad', 'happy'); EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var found = fetch(
                "SELECT k AS id, 5 AS fine, " + odd + " AS odd FROM generate_series(1, 9) k WHERE k = ANY($1)", 9);
        assertThat(found).hasSize(9);
        assertThat(found.values())
                .allSatisfy(vector -> assertThat(vector.values()).containsEntry("fine", 5L));
    }

    @Test
    void severalRowsForOneKeyAreTheFaultOfThatKey() throws Exception {
        var found = fetch(
                "SELECT k AS id, n AS x FROM generate_series(1, 9) k, generate_series(1, 500) n"
                        + " WHERE k = ANY($1) AND (n = 1 OR k = 4) ORDER BY k = 4 DESC",
                9);
        assertThat(found).hasSize(9);
        assertThat(faults(found)).isEqualTo(Map.of(4L, LookupFailure.AMBIGUOUS));
        assertThat(found.get(5L).values()).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void twoRowsWhereAnotherKeyHasNone() throws Exception {
        var found = fetch("SELECT k AS id, 1 AS x FROM (VALUES (1), (1), (2)) AS v(k) WHERE k = ANY($1)", 3);
        assertThat(found).containsOnlyKeys(1L, 2L);
        assertThat(faults(found)).isEqualTo(Map.of(1L, LookupFailure.AMBIGUOUS));
    }

    @Test
    void rowsOfNobodyAreOfNobody() throws Exception {
        var found = fetch(
                "SELECT k AS id, k AS x FROM (SELECT NULL::integer AS k UNION ALL SELECT generate_series(0, 9)) AS v"
                        + " WHERE $1::integer[] IS NOT NULL",
                3);
        assertThat(found).containsOnlyKeys(1L, 2L, 3L);
        assertThat(faults(found)).isEmpty();
    }

    @Test
    void aRowThatTheQueryCannotReadIsTheFaultOfItsEntity() throws Exception {
        var found = fetch(
                "SELECT k AS id, (CASE k WHEN 7 THEN 'seven' ELSE k::text END)::float8 AS x, 1 / (k - 300) AS y"
                        + " FROM generate_series(1, 1000) k WHERE k = ANY($1)",
                500);
        assertThat(found).hasSize(500);
        assertThat(faults(found)).isEqualTo(Map.of(7L, LookupFailure.WRONG_TYPE, 300L, LookupFailure.WRONG_TYPE));
        assertThat(found.get(8L).values()).containsEntry("x", 8.0);
    }

    @Test
    void wholeNumbersLoseNoDigits() throws Exception {
        var found = fetch(
                "SELECT k AS id, 9007199254740993::numeric AS large, 13.25::numeric AS n, 13::numeric AS whole"
                        + " FROM generate_series(1, 1) k WHERE k = ANY($1)",
                1);
        assertThat(found.get(1L).values()).isEqualTo(Map.of("large", 9007199254740993L, "n", 13.25, "whole", 13.0));
    }

    private static Map<Object, LookupFailure> faults(Map<Object, FeatureVector> found) {
        return found.values().stream()
                .filter(vector -> vector.fault() != null)
                .collect(Collectors.toMap(
                        FeatureVector::entityKey, vector -> vector.fault().kind()));
    }

    private static Map<Object, FeatureVector> fetch(String query, long keys) throws Exception {
        var login = new SqlConnectConfig.SqlLogin(PostgresProcess.USER, new Secret(PostgresProcess.PASSWORD));
        var connect = SqlConnectConfig.of("127.0.0.1", postgres.port(), PostgresProcess.DATABASE, login);
        var store = new SqlFeatureStore(
                vertx, new SqlStoreConfig("s", connect, new SqlLookup.Query(query), RemoteLimits.DEFAULT));
        try {
            Set<Object> asked = LongStream.rangeClosed(1, keys).boxed().collect(Collectors.toSet());
            return TestServer.await(store.fetch(asked));
        } finally {
            TestServer.await(store.close());
        }
    }
}
