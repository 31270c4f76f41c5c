package dev.augur.console;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.EventStream;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests for predictions go through, on which threads, as the console and their answers tell it. */
class TracesTest {
    private static final String ITEM = "{\"item_id\": 43, \"feature_value\": 21.0}";
    private static final String IRIS =
            """
            {"inputs": [{"name": "features", "shape": [1, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2]}]}""";
    private static final String SYNC = "/predict_sync";
    private static final String ASYNC_IO = "/predict_async_io";
    private static final String FULL_ASYNC = "/predict_full_async";
    private static final String BACKGROUND = "/predict_with_background";
    private static TestServer server;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                config -> config,
                "http.instances=2",
                "demo.fetch-delay=50ms",
                "demo.prediction-delay=100ms",
                "demo.log-delay=100ms",
                "models.by-name.diabetes.prediction-log=before-answer");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tellsOfTheFourRoutesWhichThreadDidWhat() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("hello");
            page.next("metrics");
            var sync = run(page, SYNC, 1).get(0);
            assertThat(stages(sync)).containsExactly("fetch", "queue", "predict", "encode", "answer");
            assertThat(thread(sync, "fetch")).startsWith("augur-sync").isEqualTo(thread(sync, "predict"));

            var asyncIo = run(page, ASYNC_IO, 1).get(0);
            assertThat(thread(asyncIo, "fetch")).startsWith("vert.x-eventloop");
            assertThat(thread(asyncIo, "predict")).startsWith("augur-async-io");

            var fullAsync = run(page, FULL_ASYNC, 1).get(0);
            assertThat(thread(fullAsync, "predict")).startsWith("augur-predict");

            var background = run(page, BACKGROUND, 1).get(0);
            assertThat(stages(background)).containsExactly("fetch", "queue", "predict", "encode", "answer", "record");
            assertThat(from(background, "record")).isGreaterThanOrEqualTo(background.getDouble("total_ms") - 1);
            assertThat(to(background, "record") - from(background, "record")).isGreaterThan(95);
            assertThat(server.get("/predictions/" + background.getString("record_id"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void showsTheTutorialsLesson() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            var totals = new TreeMap<String, Double>();
            for (String route : List.of(SYNC, ASYNC_IO, FULL_ASYNC, BACKGROUND)) {
                totals.put(route, total(run(page, route, 5)));
            }
            assertThat(totals.get(SYNC)).isGreaterThan(totals.get(ASYNC_IO));
            assertThat(totals.get(ASYNC_IO)).isGreaterThan(totals.get(FULL_ASYNC));
            assertThat(totals.get(ASYNC_IO)).isGreaterThan(totals.get(BACKGROUND));
        }
    }

    @Test
    void stagesOfOneRequestFollowEachOther() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            for (String route : List.of(SYNC, ASYNC_IO, FULL_ASYNC, BACKGROUND)) {
                for (JsonObject trace : run(page, route, 5)) {
                    double queued = from(trace, "queue");
                    boolean waitsFirst = route.equals(SYNC);
                    assertThat(waitsFirst ? queued : from(trace, "fetch")).isNotNegative();
                    assertThat(to(trace, waitsFirst ? "queue" : "fetch"))
                            .isLessThanOrEqualTo(from(trace, waitsFirst ? "fetch" : "queue"));
                    assertThat(to(trace, waitsFirst ? "fetch" : "queue")).isLessThanOrEqualTo(from(trace, "predict"));
                    assertThat(to(trace, "predict")).isLessThanOrEqualTo(from(trace, "encode"));
                    assertThat(to(trace, "encode")).isLessThanOrEqualTo(from(trace, "answer"));
                    assertThat(to(trace, "answer")).isLessThanOrEqualTo(trace.getDouble("total_ms"));
                }
            }
        }
    }

    @Test
    void tellsOfInferenceRequests() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            post("/v2/models/iris/infer", IRIS, "console-i-0");
            var trace = page.traces("console-i-0", 1).get(0);
            assertThat(trace.getString("route")).isEqualTo("/v2/models/iris/infer");
            assertThat(trace.getString("model")).isEqualTo("iris");
            assertThat(trace.getString("version")).isEqualTo("1");
            assertThat(trace.getInteger("batch_rows")).isEqualTo(1);
            assertThat(stages(trace)).containsExactly("queue", "predict", "encode", "answer", "record");
            assertThat(thread(trace, "predict")).startsWith("augur-model-iris");
            assertThat(thread(trace, "queue")).startsWith("vert.x-eventloop");
            var record = new JsonObject(
                    server.get("/predictions/" + trace.getString("record_id")).body());
            assertThat(record.encode()).doesNotContain("augur-model-iris").doesNotContain("eventloop");
        }
    }

    @Test
    void tellsOfEachItemOfAPipeline() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            post(
                    "/predict/wine",
                    "{\"items\": [{\"item_id\": 43}, {\"item_id\": 999999}, {\"item_id\": 3}]}",
                    "console-p");
            var traces = page.traces("console-p", 3);
            assertThat(traces).extracting(trace -> trace.getInteger("item")).containsExactlyInAnyOrder(43, 999_999, 3);
            var statuses = traces.stream()
                    .collect(Collectors.toMap(trace -> trace.getInteger("item"), trace -> trace.getInteger("status")));
            assertThat(statuses).isEqualTo(Map.of(43, 200, 999_999, 404, 3, 200));
            for (JsonObject trace : traces) {
                assertThat(trace.getString("model")).isEqualTo("wine");
                assertThat(stages(trace)).contains("fetch", "encode", "answer", "record");
            }
        }
    }

    @Test
    void theRecordComesBeforeAnAnswerThatWaitsForIt() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            String body = IRIS.replace("[1, 4]", "[1, 10]")
                    .replace("[5.1, 3.5, 1.4, 0.2]", "[0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]");
            var answer = post("/v2/models/diabetes/infer", body, "console-w-0");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(timing(answer)).containsKey("record");
            var trace = page.traces("console-w-0", 1).get(0);
            assertThat(to(trace, "record")).isLessThanOrEqualTo(from(trace, "answer"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        SYNC + ",422,total",
        "/v2/models/none/infer,400,total",
        "/v2/models/iris/infer,400,total",
        "/predict/wine,404,total",
    })
    void anErrorSaysWhatWasReached(String path, int status, String expected) throws Exception {
        var answer = post(path, "{\"item_id\": 99999999}", "t");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(timing(answer).keySet()).containsExactly(expected.split(" "));
    }

    @Test
    void tellsOfRequestsThatFail() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            post(SYNC, "{}", "console-f-422");
            post("/v2/models/none/infer", IRIS, "console-f-404");
            post("/predict/none", "{\"item_id\": 1}", "console-f-pipeline");
            var statuses = page.traces("console-f-", 3).stream()
                    .map(trace -> trace.getInteger("status"))
                    .toList();
            assertThat(statuses).containsExactlyInAnyOrder(422, 404, 404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        SYNC + ",fetch queue predict encode total",
        ASYNC_IO + ",fetch queue predict encode total",
        FULL_ASYNC + ",fetch queue predict encode total",
        BACKGROUND + ",fetch queue predict encode total",
        "/predict/wine,fetch queue predict encode record total",
        "/v2/models/iris/infer,queue predict encode total",
        "/v2/models/iris/versions/1/infer,queue predict encode total",
    })
    void everyPredictionSaysWhatItsStagesTook(String path, String expected) throws Exception {
        String body = path.startsWith("/v2") ? IRIS : path.contains("wine") ? "{\"item_id\": 43}" : ITEM;
        eventually(() -> server.meter("augur_console_streams") == 0); // also where nobody looks
        var answer = post(path, body, "t");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(timing(answer).keySet()).containsExactly(expected.split(" "));
        double sum = timing(answer).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        assertThat(sum - timing(answer).get("total"))
                .isLessThanOrEqualTo(timing(answer).get("total"));
    }

    private static List<JsonObject> run(EventStream page, String route, int requests) throws Exception {
        String id = "console-" + System.nanoTime() + "-";
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (int i = 0; i < requests; i++) {
            answers.add(CLIENT.sendAsync(request(route, ITEM, id + i), HttpResponse.BodyHandlers.ofString()));
        }
        for (var answer : answers) {
            assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
        return page.traces(id, requests);
    }

    /** From the first request's head to the last one's answer. */
    private static double total(List<JsonObject> traces) {
        double first = traces.stream()
                .mapToDouble(trace -> trace.getDouble("received_ms"))
                .min()
                .orElseThrow();
        return traces.stream()
                        .mapToDouble(trace -> trace.getDouble("received_ms") + trace.getDouble("total_ms"))
                        .max()
                        .orElseThrow()
                - first;
    }

    private static HttpResponse<String> post(String path, String body, String id) throws Exception {
        return CLIENT.send(request(path, body, id), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String path, String body, String id) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static Map<String, Double> timing(HttpResponse<?> answer) {
        return List.of(answer.headers()
                        .firstValue("Server-Timing")
                        .orElseThrow()
                        .split(", "))
                .stream()
                .collect(Collectors.toMap(
                        part -> part.split(";")[0],
                        part -> Double.valueOf(part.split("=")[1]),
                        (a, b) -> b,
                        java.util.LinkedHashMap::new));
    }

    private static List<String> stages(JsonObject trace) {
        return trace.getJsonArray("stages").stream()
                .map(stage -> ((JsonObject) stage).getString("stage"))
                .toList();
    }

    private static JsonObject stage(JsonObject trace, String name) {
        return trace.getJsonArray("stages").stream()
                .map(JsonObject.class::cast)
                .filter(stage -> stage.getString("stage").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + trace));
    }

    private static String thread(JsonObject trace, String name) {
        return stage(trace, name).getString("thread");
    }

    private static double from(JsonObject trace, String name) {
        return stage(trace, name).getDouble("from_ms");
    }

    private static double to(JsonObject trace, String name) {
        return stage(trace, name).getDouble("to_ms");
    }
}
