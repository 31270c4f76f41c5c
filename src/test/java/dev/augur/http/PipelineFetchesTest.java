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
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How often a real PostgreSQL and a real Redis are asked for the features of a request with many items. */
@ExtendWith(VertxExtension.class)
class PipelineFetchesTest {
    private static final int ITEMS = 500;
    private static final String LOOKUP =
            "lookup: {timeout: 10s, retries: 0, cache-time: 0s, cache-time-of-unknown: 0s}";

    private static Vertx vertx;
    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static TestServer server;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PipelineFetchesTest.vertx = vertx;
        postgres = PostgresProcess.start();
        redis = RedisProcess.start();
        String columns = String.join(", ", Wines.features());
        postgres.execute(vertx, Wines.sql("wine"));
        postgres.execute(
                vertx,
                "CREATE TABLE many AS SELECT n::bigint AS id, " + columns
                        + " FROM generate_series(1, 1000) AS n, wine WHERE wine.id = '0'");
        for (int i = 1; i <= ITEMS; i++) {
            Wines.put(redis, vertx, i, Wines.rows().get(0L));
        }
        server = Wines.serve(Map.of("sql", sql(""), "few", sql("max-keys: 200, "), "redis", hash()));
        TestServer.eventually(() -> server.post("/predict/sql", many(1)).body().contains("prediction")
                && server.post("/predict/few", many(1)).body().contains("prediction")
                && server.post("/predict/redis", many(1)).body().contains("prediction"));
        postgres.execute(vertx, "ALTER SYSTEM SET log_statement = 'all'");
        postgres.execute(vertx, "SELECT pg_reload_conf()");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        postgres.close();
        redis.close();
    }

    @Test
    void fiveHundredItemsAreOneStatement() throws Exception {
        assertThat(statementsOf("sql", many(ITEMS))).isEqualTo(1);
    }

    @Test
    void asManyStatementsAreRunAsTheStoreNeeds() throws Exception {
        assertThat(statementsOf("few", many(ITEMS))).isEqualTo(3);
    }

    @Test
    void fiveHundredItemsAreOneRoundTripToRedis() throws Exception {
        double fetches = server.meter("augur_features_fetches_total{store=\"redis\"}");
        long commands = statistic("total_commands_processed");
        long reads = statistic("total_reads_processed");
        answersAll("redis", many(ITEMS));
        assertThat(server.meter("augur_features_fetches_total{store=\"redis\"}") - fetches)
                .isEqualTo(1);
        assertThat(statistic("total_commands_processed") - commands).isGreaterThanOrEqualTo(ITEMS);
        assertThat(statistic("total_reads_processed") - reads).isLessThan(ITEMS / 10);
    }

    /** Statements that the server says it has run, with one to end the wait. */
    private static long statementsOf(String pipeline, String request) throws Exception {
        String mark = "mark of " + pipeline;
        postgres.execute(vertx, "SELECT '" + mark + " begin'");
        answersAll(pipeline, request);
        postgres.execute(vertx, "SELECT '" + mark + " end'");
        TestServer.eventually(() -> postgres.said().stream().anyMatch(line -> line.contains(mark + " end")));
        return postgres.said().stream()
                .dropWhile(line -> !line.contains(mark + " begin"))
                .takeWhile(line -> !line.contains(mark + " end"))
                .filter(line -> line.contains("execute "))
                .count();
    }

    private static void answersAll(String pipeline, String request) throws Exception {
        var answer = server.post("/predict/" + pipeline, request);
        assertThat(new JsonObject(answer.body()).getJsonArray("items"))
                .hasSize(ITEMS)
                .allSatisfy(item -> assertThat(((JsonObject) item).getInteger("prediction"))
                        .as(item.toString())
                        .isZero());
    }

    private static long statistic(String name) throws Exception {
        String all = redis.command(vertx, Command.INFO, "stats").toString();
        return Long.parseLong(all.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1)
                .strip());
    }

    private static String sql(String more) throws Exception {
        return "{kind: sql, host: 127.0.0.1, port: " + postgres.port() + ", database: " + PostgresProcess.DATABASE
                + ", user: " + PostgresProcess.USER + ", password: " + PostgresProcess.PASSWORD
                + ", table: many, key-column: id, " + more + LOOKUP + "}";
    }

    private static String hash() {
        return "{kind: redis, host: 127.0.0.1, port: " + redis.port() + ", key-template: 'wine:{id}', " + LOOKUP + "}";
    }

    private static String many(int count) {
        var items = new JsonArray();
        for (int i = 1; i <= count; i++) {
            items.add(new JsonObject().put("item_id", i));
        }
        return new JsonObject().put("items", items).encode();
    }
}
