package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pipelines on each kind of store, through the whole server, on a real PostgreSQL, a real Redis and a real HTTP server.
 */
@ExtendWith(VertxExtension.class)
class PipelineStoresTest {
    private static final String ODD_KEY = "o'hara\"; DROP TABLE wine; --/../?a=b&c#d\n\r\tä%41";
    private static final String HOLE = "has a hole";
    private static final String GARBAGE = "is garbage";
    private static final String LOOKUP =
            "lookup: {timeout: 5s, retries: 0, breaker-window: 0, cache-time: 0s, cache-time-of-unknown: 0s}";

    /** What the HTTP server answers, by the item's key; what is not here is unknown. */
    private static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();

    private static Vertx vertx;
    private static PostgresProcess postgres;
    private static RedisProcess redis;
    private static HttpServer http;
    private static TestServer server;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PipelineStoresTest.vertx = vertx;
        postgres = PostgresProcess.start();
        redis = RedisProcess.start();
        http = TestServer.await(vertx.createHttpServer()
                .requestHandler(PipelineStoresTest::answer)
                .listen(0, "127.0.0.1"));
        fill();
        server = Wines.serve(stores());
        TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        postgres.close();
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "query", "redis", "http", "csv"})
    void everyWineIsPredictedFromWhatTheStoreHas(String pipeline) throws Exception {
        var answers = json(server.post("/predict/" + pipeline, Wines.requestForAll())
                        .body())
                .getJsonArray("items");
        var expected = Wines.cultivars();
        assertThat(answers).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(answers.getJsonObject(i).getInteger("prediction"))
                    .as(answers.getJsonObject(i).encode())
                    .isEqualTo(expected.get(i));
        }
    }

    @Test
    void aTimerHasTheSameFeaturesForEveryEntity() throws Exception {
        var answer = server.post("/predict/timer", item("nobody"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer.body()).getInteger("prediction"))
                .isEqualTo(Wines.cultivars().get(0));
    }

    @Test
    void aClientSaysHowLongItWaits() throws Exception {
        var answer = server.postBytes(
                "/predict/slow", item("0").getBytes(StandardCharsets.UTF_8), Map.of("X-Request-Timeout", "20ms"));
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("did not answer within 20 ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "redis", "http"})
    void aKeyIsAKeyWhateverItsCharacters(String pipeline) throws Exception {
        var answer = server.post("/predict/" + pipeline, item(ODD_KEY));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer.body()).getString("item_id")).isEqualTo(ODD_KEY);
        assertThat(json(answer.body()).getInteger("prediction"))
                .isEqualTo(Wines.cultivars().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "query", "redis", "http", "csv"})
    void aKeyThatNobodyHasIsUnknownAndNothingElse(String pipeline) throws Exception {
        double before = failures(pipeline, "unknown_entity");
        var keys = List.of(
                "' OR '1'='1",
                "../../wines",
                "..",
                "{id}",
                "*",
                "$1",
                "\u0000",
                "\ud800",
                "\r\nGET /",
                "x".repeat(500_000));
        for (String key : keys) {
            var answer = server.post("/predict/" + pipeline, item(key));
            assertThat(answer.statusCode()).as(answer.body()).isIn(404, 422);
            assertThat(answer.body()).contains("has no entity").hasSizeLessThan(500);
        }
        assertThat(failures(pipeline, "unknown_entity")).isEqualTo(before + keys.size());
        assertThat(failures(pipeline, "store")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql", "redis", "http"})
    void aRowWithoutOneOfItsValuesIsNotEnoughUnlessTheRequestHasIt(String pipeline) throws Exception {
        var answer = server.post("/predict/" + pipeline, item(HOLE));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("feature \\\"hue\\\" of item \\\"has a hole\\\" has no value");
        var given = new JsonObject().put("item_id", HOLE).put("features", new JsonObject().put("hue", 1.04));
        assertThat(server.post("/predict/" + pipeline, given.encode()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "sql_garbage, not_finite, 'has feature \\\"hue\\\", which is NaN, not a finite number'",
        "redis_garbage, wrong_type, 'has feature \\\"hue\\\", which is not a number'",
        "http_garbage, wrong_type, 'was answered with something else than JSON'"
    })
    void garbageIsTheFaultOfItsEntityAndIsCountedAsThat(String pipeline, String reason, String words) throws Exception {
        double before = failures(pipeline, reason);
        var answer = server.post("/predict/" + pipeline, item(GARBAGE));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .startsWith("{\"detail\":\"feature store \\\"" + pipeline + "\\\": entity \\\"is garbage\\\" ")
                .contains(words);
        assertThat(failures(pipeline, reason)).isEqualTo(before + 1);
        assertThat(failures(pipeline, "store")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"hue\": NaN}", "", "{\"hue\": {}}", "{\"hue\": 1", "{\"hue\": 1e999}", "\"hue\""})
    void whateverAnHttpServerAnswersIsTheFaultOfItsEntity(String answered) throws Exception {
        ANSWERS.put("odd", answered);
        var answer = server.post("/predict/http_garbage", item("odd"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).startsWith("{\"detail\":\"feature store \\\"http_garbage\\\": entity \\\"odd\\\" ");
    }

    @Test
    void aTextWhereTheModelWantsANumberIsUnavailable() throws Exception {
        var answer = server.post("/predict/texts", item("0"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("feature \\\"hue\\\": \\\"red\\\" does not fit");
    }

    @Test
    void aDefaultTakesThePlaceOfWhatIsMissing() throws Exception {
        var hole = explained("default", HOLE);
        assertThat(status(hole, "hue")).isEqualTo("DEFAULT");
        assertThat(status(hole, "alcohol")).isEqualTo("FRESH");
        var unknown = explained("default", "nobody");
        assertThat(status(unknown, "hue")).isEqualTo("DEFAULT");
        assertThat(status(unknown, "alcohol")).isEqualTo("DEFAULT");
        assertThat(server.meter("augur_features_defaulted_total{store=\"default\"}"))
                .isEqualTo(1);
    }

    @Test
    void aStaleValueIsServedWhileTheStoreIsDown() throws Exception {
        ANSWERS.put("old", ANSWERS.get("0"));
        assertThat(status(explained("stale", "old"), "hue")).isEqualTo("FRESH");
        TestServer.eventually(() -> status(explained("stale", "old"), "hue").equals("STALE"));
        ANSWERS.put("old", "down");
        double before = failures("stale", "store");
        TestServer.eventually(() -> {
            assertThat(status(explained("stale", "old"), "hue")).isEqualTo("STALE");
            return failures("stale", "store") > before;
        });
        ANSWERS.remove("young");
        assertThat(server.post("/predict/stale", item("young")).statusCode()).isEqualTo(404);
    }

    @Test
    void nothingIsLeftOfRequestsThatAreOver() throws Exception {
        for (String pipeline : stores().keySet()) {
            assertThat(server.post("/predict/" + pipeline, item("0")).body()).isNotEmpty();
            String store = "{store=\"" + pipeline + "\"}";
            TestServer.eventually(() -> server.meter("augur_features_in_flight" + store) == 0
                    && server.meter("augur_features_waiting" + store) == 0
                    && server.meter("augur_features_fetches_total" + store) > 0);
        }
    }

    private static Map<String, String> stores() throws Exception {
        String sql = "{kind: sql, host: 127.0.0.1, port: " + postgres.port() + ", database: "
                + PostgresProcess.DATABASE + ", user: " + PostgresProcess.USER + ", password: "
                + PostgresProcess.PASSWORD + ", " + LOOKUP + ", ";
        String hash = "{kind: redis, host: 127.0.0.1, port: " + redis.port() + ", key-template: 'wine:{id}', " + LOOKUP;
        String url = "{kind: http, url: 'http://127.0.0.1:" + http.actualPort() + "/wines/{id}', ";
        var stores = new LinkedHashMap<String, String>();
        stores.put("sql", sql + "table: wine, key-column: id}");
        stores.put("query", sql + "query: 'SELECT * FROM wine WHERE id = ANY($1)'}");
        stores.put(
                "texts",
                sql + "query: \"SELECT id, "
                        + String.join(", ", Wines.features()).replace("hue", "'red' hue")
                        + " FROM wine WHERE id = ANY($1)\"}");
        stores.put("sql_garbage", sql + "table: wine, key-column: id, columns: " + Wines.features() + "}");
        stores.put("redis", hash + "}");
        stores.put("redis_garbage", hash + ", fields: {hue: double}}");
        stores.put("http", url + LOOKUP + "}");
        stores.put("http_garbage", url + LOOKUP + ", pointers: {hue: /hue}}");
        stores.put("timer", "{kind: timer, delay: 1ms, values: " + yaml(wine()) + "}");
        stores.put("slow", "{kind: timer, delay: 10s, lookup: {timeout: 200ms}}");
        stores.put("default", url + LOOKUP.replace("}", ", missing: default, defaults: " + yaml(wine()) + "}}"));
        stores.put("stale", url + LOOKUP.replace("cache-time: 0s", "cache-time: 1ms, missing: stale") + "}");
        return stores;
    }

    private static void fill() throws Exception {
        String columns = String.join(", ", Wines.features());
        postgres.execute(vertx, Wines.sql("wine"));
        for (String copy : List.of("$$" + ODD_KEY + "$$", "'" + HOLE + "'", "'" + GARBAGE + "'")) {
            postgres.execute(vertx, "INSERT INTO wine SELECT " + copy + ", " + columns + " FROM wine WHERE id = '0'");
        }
        postgres.execute(vertx, "UPDATE wine SET hue = NULL WHERE id = '" + HOLE + "'");
        postgres.execute(vertx, "UPDATE wine SET hue = 'NaN' WHERE id = '" + GARBAGE + "'");

        var hole = new LinkedHashMap<>(wine());
        hole.remove("hue");
        Wines.fill(redis, vertx);
        Wines.put(redis, vertx, ODD_KEY, wine());
        Wines.put(redis, vertx, HOLE, hole);
        Wines.put(redis, vertx, GARBAGE, Map.of("hue", "red"));

        Wines.rows().forEach((id, row) -> ANSWERS.put(id.toString(), json(row)));
        ANSWERS.put(ODD_KEY, json(wine()));
        ANSWERS.put(HOLE, json(hole));
        ANSWERS.put(GARBAGE, "<html>sorry</html>");
    }

    private static void answer(HttpServerRequest request) {
        String key = URLDecoder.decode(
                request.path().substring("/wines/".length()).replace("+", "%2B"), StandardCharsets.UTF_8);
        String answer = ANSWERS.get(key);
        int status = answer == null ? 404 : answer.equals("down") ? 500 : 200;
        request.response()
                .setStatusCode(status)
                .end(answer == null ? "" : answer)
                .onComplete(sent -> {});
    }

    private static Map<String, Double> wine() throws Exception {
        return Wines.rows().get(0L);
    }

    private static JsonObject explained(String pipeline, String key) throws Exception {
        var answer = server.post("/predict/" + pipeline + "?explain=features", item(key));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer.body()).getJsonObject("metadata").getJsonObject("features");
    }

    private static String status(JsonObject features, String name) {
        return features.getJsonObject(name).getString("status");
    }

    private static double failures(String store, String reason) throws Exception {
        return server.meter("augur_features_failures_total{reason=\"" + reason + "\",store=\"" + store + "\"}");
    }

    private static String item(String key) {
        return new JsonArray()
                .add(new JsonObject().put("item_id", key))
                .getJsonObject(0)
                .encode();
    }

    private static String yaml(Map<String, Double> row) {
        return row.toString().replace("=", ": ");
    }

    private static String json(Map<String, Double> row) {
        return new JsonObject(new LinkedHashMap<>(row)).encode();
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }
}
