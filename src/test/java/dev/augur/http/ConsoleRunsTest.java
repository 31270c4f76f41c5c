package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that the console has a node send to itself. */
class ConsoleRunsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "demo.fetch-delay=0", "demo.prediction-delay=100ms", "demo.queue=20", "console.run-requests=100");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void sendsThemAllAtOnce() throws Exception {
        var outcome = run("/predict_full_async", 40);

        assertThat(outcome.getJsonObject("statuses").getMap()).isEqualTo(Map.of("200", 40));
        assertThat(outcome.getDouble("total_ms")).isBetween(100.0, 2_000.0);
        assertThat(outcome.getJsonArray("errors")).isEmpty();
    }

    @Test
    void countsWhatIsRefusedAndTellsWhy() throws Exception {
        var outcome = run("/predict_sync", 30);

        assertThat(outcome.getJsonObject("statuses").fieldNames()).contains("200", "429");
        assertThat(outcome.getJsonArray("errors").getString(0)).startsWith("429: ");
        assertThat(run("/predict/none", 3).getJsonObject("statuses").getMap()).isEqualTo(Map.of("404", 3));
    }

    @Test
    void namesEachRequest() throws Exception {
        run("/predict/wine", 3);

        eventually(() -> server.records().stream()
                .map(record -> record.getString("client_request_id"))
                .toList()
                .containsAll(List.of("console-a1-0", "console-a1-1", "console-a1-2")));
    }

    @Test
    void hasOneRunAtATimeAndEndsItWhenThePageLeaves() throws Exception {
        try (var page = new RawClient(server.port())) {
            page.post("/console/runs", request("/predict_sync", 20).encode());
            eventually(() -> server.meter("augur_pool_running{pool=\"augur-sync\"}") == 1);
            var second = server.post(
                    "/console/runs", request("/predict_full_async", 1).encode());
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body()).contains("one at a time");
        }
        eventually(() ->
                server.post("/console/runs", request("/predict_full_async", 1).encode())
                                .statusCode()
                        == 200);
        eventually(() -> server.meter("augur_http_requests_total{route=\"/predict_sync\",status=\"499\"}") > 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/repository/models/wine/unload",
                "/predictions/x/outcome",
                "/predict/wine?explain=features",
                "http://other.example/predict/wine",
                "//other.example/predict/wine",
                "/console/runs",
                "/predict/a b"
            })
    void sendsToNothingElse(String path) throws Exception {
        assertThat(server.post("/console/runs", request(path, 1).encode()).statusCode())
                .isEqualTo(422);
    }

    @Test
    void refusesWhatItCannotRun() throws Exception {
        for (var wrong : List.of(
                request("/predict/wine", 0),
                request("/predict/wine", 101),
                request("/predict/wine", 1).put("bodies", new JsonArray()),
                request("/predict/wine", 1).put("bodies", new JsonArray().add("text")),
                request("/predict/wine", 1).put("run", "mine\r\nX: y"))) {
            assertThat(server.post("/console/runs", wrong.encode()).statusCode())
                    .as(wrong.encode())
                    .isEqualTo(422);
        }
    }

    private static JsonObject run(String path, int requests) throws Exception {
        var answer = server.post("/console/runs", request(path, requests).encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static JsonObject request(String path, int requests) {
        var item = new JsonObject().put("item_id", 43).put("feature_value", 2.0);
        return new JsonObject()
                .put("run", "console-a1")
                .put("path", path)
                .put("requests", requests)
                .put("bodies", new JsonArray().add(item));
    }
}
