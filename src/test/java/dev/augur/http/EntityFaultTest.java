package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.redis.client.Command;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One entity with a fault of its own among ten: the others are answered, and go on being answered. */
@ExtendWith(VertxExtension.class)
class EntityFaultTest {
    private static final String LOOKUP =
            "lookup: {timeout: 5s, breaker-window: 3, cache-time: 0s, cache-time-of-unknown: 0s}}";

    private static Vertx vertx;
    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static TestServer server;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        EntityFaultTest.vertx = vertx;
        postgres = PostgresProcess.start();
        redis = RedisProcess.start();
        postgres.execute(vertx, Wines.sql("wine"));
        postgres.execute(
                vertx, "ALTER TABLE wine DROP CONSTRAINT wine_pkey; ALTER TABLE wine ADD extra jsonb DEFAULT '{}'");
        postgres.execute(vertx, "INSERT INTO wine SELECT * FROM wine WHERE id = '" + id(1) + "'");
        postgres.execute(
                vertx,
                "UPDATE wine SET hue = 'NaN' WHERE id = '" + id(2) + "'; UPDATE wine SET hue = 1e300 WHERE id = '"
                        + id(3) + "'");
        postgres.execute(vertx, "UPDATE wine SET hue = NULL WHERE id = '" + id(4) + "'");
        Wines.fill(redis, vertx);
        redis.command(vertx, Command.DEL, "wine:" + id(1));
        redis.command(vertx, Command.SET, "wine:" + id(1), "no hash");
        redis.command(vertx, Command.HSET, "wine:" + id(2), "hue", "nan");
        redis.command(vertx, Command.HSET, "wine:" + id(3), "hue", "red");
        redis.command(vertx, Command.HSET, "wine:" + id(4), "hue", "x".repeat(20_000));
        server = Wines.serve(Map.of(
                "sql",
                "{kind: sql, host: 127.0.0.1, port: " + postgres.port() + ", database: " + PostgresProcess.DATABASE
                        + ", user: " + PostgresProcess.USER + ", password: " + PostgresProcess.PASSWORD
                        + ", table: wine, key-column: id, " + LOOKUP,
                "redis",
                "{kind: redis, host: 127.0.0.1, port: " + redis.port() + ", key-template: 'wine:{id}', " + LOOKUP));
        TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        postgres.close();
        redis.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sql, 1, ambiguous, 'has more than one row'",
        "sql, 2, not_finite, 'has feature \"hue\", which is NaN'",
        "sql, 3, unfit, 'feature \"hue\": 1.0E300 does not fit'",
        "sql, 4, no_value, 'feature \"hue\" of item'",
        "redis, 1, wrong_type, 'is no hash in Redis'",
        "redis, 2, not_finite, 'has feature \"hue\", which is \"nan\"'",
        "redis, 3, unfit, 'feature \"hue\": \"red\" does not fit'",
        "redis, 4, too_large, 'has feature \"hue\", which is larger than'"
    })
    void concernsThatEntityAlone(String pipeline, int which, String reason, String words) throws Exception {
        String meter = "augur_features_failures_total{reason=\"" + reason + "\",store=\"" + pipeline + "\"}";
        double before = server.meter(meter);
        var items = new JsonArray();
        long bad = id(which);
        for (int good = 5; good < 14; good++) {
            items.add(new JsonObject().put("item_id", id(good)));
        }
        items.add(4, new JsonObject().put("item_id", bad));
        String request = new JsonObject().put("items", items).encode();
        for (int i = 0; i < 5; i++) { // more often than the circuit breaker looks at
            var answers =
                    new JsonObject(server.post("/predict/" + pipeline, request).body()).getJsonArray("items");
            for (int j = 0; j < 10; j++) {
                var answer = answers.getJsonObject(j);
                assertThat(answer.containsKey("prediction")).as(answer.encode()).isEqualTo(j != 4);
            }
            var error = answers.getJsonObject(4).getJsonObject("error");
            assertThat(error.getString("detail")).contains(words);
            assertThat(error.getString("code")).isEqualTo("FEATURES_UNAVAILABLE");
        }
        assertThat(server.meter(meter)).isEqualTo(before + 5);
        assertThat(server.meter("augur_features_circuit_open{store=\"" + pipeline + "\"}"))
                .isZero();
        assertThat(server.meter("augur_features_retries_total{store=\"" + pipeline + "\"}"))
                .isZero();
        TestServer.eventually(() -> server.records().stream()
                .anyMatch(record -> ("/predict/" + pipeline).equals(record.getString("endpoint"))
                        && String.valueOf(bad).equals(String.valueOf(record.getValue("item_id")))
                        && "FEATURES_UNAVAILABLE".equals(record.getString("status"))
                        && record.getString("error").contains(words)));
    }

    /** The number of one of the wines. */
    private static long id(int index) throws Exception {
        return List.copyOf(Wines.rows().keySet()).get(index);
    }

    @Test
    void anEntityThatTheStoreDoesNotKnowIsNotFound() throws Exception {
        for (String pipeline : new String[] {"sql", "redis", "csv"}) {
            var answer = server.post("/predict/" + pipeline, "{\"item_id\":\"nobody\"}");
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .isEqualTo("{\"detail\":\"feature store \\\"" + pipeline + "\\\" has no entity \\\"nobody\\\"\"}");
        }
        var impossible = server.post("/predict/sql", "{\"item_id\":\"a\\u0000b\"}");
        assertThat(impossible.statusCode()).isEqualTo(422);
        assertThat(impossible.body()).contains("\"entity_key\"", "\"item_id\"", "keys have no NUL character");
        TestServer.eventually(() -> server.records().stream()
                .anyMatch(record -> "nobody".equals(record.getValue("item_id"))
                        && "CLIENT_ERROR".equals(record.getString("status"))
                        && "NOT_FOUND".equals(record.getString("error_code"))));
    }
}
