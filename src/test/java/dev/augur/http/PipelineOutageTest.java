package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Callers;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stores that are away, seen through the whole server; the pipeline on the file goes on meanwhile. */
@ExtendWith(VertxExtension.class)
class PipelineOutageTest {
    private static final String ITEM = "{\"item_id\":0}";
    private static final String LOOKUP =
            "fetch-timeout: 900ms, lookup: {timeout: 300ms, cache-time: 0s, cache-time-of-unknown: 0s, "
                    + "probe-key: 0, breaker-open-for: 100ms}}";

    private static Vertx vertx;
    private static PostgresProcess postgres;
    private static RedisProcess redis;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PipelineOutageTest.vertx = vertx;
        postgres = PostgresProcess.start();
        postgres.execute(vertx, Wines.sql("wine"));
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
        redis.close();
    }

    @Test
    void startsWithoutItsStoresAndIsReadyOnceTheyAreWithoutARequest() throws Exception {
        postgres.stop();
        redis.kill();
        try (var server = serve()) {
            csvAnswers(server);
            var ready = server.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            var reasons = new JsonObject(ready.body()).getJsonObject("pipelines_not_ready");
            assertThat(reasons.fieldNames()).containsExactlyInAnyOrder("sql", "redis");
            assertThat(reasons.getString("sql")).isEqualTo("feature store \"sql\" does not answer");
            assertThat(server.get("/pipelines/redis").body()).contains("\"ready\":false", "does not answer");
            assertThat(server.post("/predict/sql", ITEM).statusCode()).isEqualTo(503);

            postgres.launch();
            redis.launch();
            Wines.fill(redis, vertx);

            TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
            for (String pipeline : new String[] {"sql", "redis"}) {
                assertThat(server.get("/pipelines/" + pipeline).body()).contains("\"ready\":true");
                assertThat(server.post("/predict/" + pipeline, ITEM).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aRestartOfPostgresUnderLoadCostsItsOwnPipelineOnly503() throws Exception {
        try (var server = serve()) {
            TestServer.eventually(() -> server.post("/predict/sql", ITEM).statusCode() == 200);
            csvAnswers(server);
            var sql = Callers.start(server, "/predict/sql", ITEM, 20);
            var csv = Callers.start(server, "/predict/csv", ITEM, 4);
            sql.areAnswered();

            postgres.stop();
            sql.areRefused();
            csv.areAnswered();
            postgres.launch();
            sql.areAnswered();

            assertThat(csv.stop()).isEmpty();
            assertThat(sql.stop()).isNotEmpty().allSatisfy(refusal -> assertThat(refusal)
                    .startsWith("503 {\"detail\":\"feature store \\\"sql\\\"")
                    .doesNotContain(PostgresProcess.PASSWORD, "127.0.0.1"));
            nothingIsLeft(server, "sql");
        }
    }

    @Test
    void aRedisThatStopsReadingCostsItsOwnPipelineOnly503() throws Exception {
        Wines.fill(redis, vertx);
        try (var server = serve()) {
            TestServer.eventually(() -> server.post("/predict/redis", ITEM).statusCode() == 200);
            csvAnswers(server);
            var callers = Callers.start(server, "/predict/redis", ITEM, 20);
            var csv = Callers.start(server, "/predict/csv", ITEM, 4);
            callers.areAnswered();

            redis.pause();
            try {
                callers.areRefused();
                csv.areAnswered();
            } finally {
                redis.resume();
            }
            callers.areAnswered();

            assertThat(csv.stop()).isEmpty();
            assertThat(callers.stop())
                    .allSatisfy(
                            refusal -> assertThat(refusal).startsWith("503 {\"detail\":\"feature store \\\"redis\\\""))
                    .anyMatch(refusal -> refusal.contains("did not answer within 300 ms"));
            assertThat(server.meter("augur_features_failures_total{reason=\"timeout\",store=\"redis\"}"))
                    .isPositive();
            nothingIsLeft(server, "redis");
        }
    }

    @Test
    void tenThousandItemsWaitAtOnceForASlowStore() throws Exception {
        String slow = "{kind: timer, delay: 500ms, values: "
                + Wines.rows().get(0L).toString().replace("=", ": ")
                + ", lookup: {timeout: 10s, in-flight: 10000, cache-time: 0s}}";
        try (var server =
                Wines.serve(Map.of("slow", slow), "models.queue=10000", "pipelines.slow.prediction-log=off")) {
            csvAnswers(server);
            var answers = IntStream.range(0, 10)
                    .mapToObj(request -> server.postAsync("/predict/slow", thousand(request)))
                    .toList();
            for (var answer : answers) {
                var items = new JsonObject(answer.get().body()).getJsonArray("items");
                assertThat(items).hasSize(1_000).allSatisfy(item -> assertThat(
                                ((JsonObject) item).getInteger("prediction"))
                        .as(item.toString())
                        .isZero());
            }
            assertThat(server.meter("augur_features_fetches_total{store=\"slow\"}"))
                    .isEqualTo(10_000);
            nothingIsLeft(server, "slow");
        }
    }

    private static String thousand(int request) {
        var items = new JsonArray();
        for (int i = 0; i < 1_000; i++) {
            items.add(new JsonObject().put("item_id", request * 1_000 + i));
        }
        return new JsonObject().put("items", items).encode();
    }

    private static TestServer serve() throws Exception {
        return Wines.serve(Map.of(
                "sql",
                "{kind: sql, host: 127.0.0.1, port: " + postgres.port() + ", database: " + PostgresProcess.DATABASE
                        + ", user: " + PostgresProcess.USER + ", password: " + PostgresProcess.PASSWORD
                        + ", table: wine, key-column: id, " + LOOKUP,
                "redis",
                "{kind: redis, host: 127.0.0.1, port: " + redis.port() + ", key-template: 'wine:{id}', " + LOOKUP));
    }

    private static void csvAnswers(TestServer server) throws Exception {
        TestServer.eventually(() -> server.post("/predict/csv", ITEM).statusCode() == 200);
    }

    private static void nothingIsLeft(TestServer server, String store) throws Exception {
        String tags = "{store=\"" + store + "\"}";
        TestServer.eventually(() -> server.meter("augur_features_in_flight" + tags) == 0
                && server.meter("augur_features_waiting" + tags) == 0);
    }
}
