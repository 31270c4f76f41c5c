package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two shipped pipelines over HTTP, on the real data of the held-out rows. */
class PipelineRoutesTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("pipelines.wine.timeout=20s", "pipelines.breast_cancer.timeout=20s");
        TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"wine, label, probabilities", "breast_cancer, '', probability_malignant"})
    void everyHeldOutRowIsPredictedFromItsFeatures(String name, String label, String output) throws Exception {
        var expected = lines("src/test/resources/models/" + name + "/expected.jsonl");
        var ids = Files.readAllLines(Path.of("conf/features/" + name + ".csv")).stream()
                .skip(1)
                .map(line -> Long.valueOf(line.substring(0, line.indexOf(','))))
                .toList();
        assertThat(ids).hasSameSizeAs(expected);
        var items = new JsonArray();
        ids.forEach(id -> items.add(new JsonObject().put("item_id", id)));
        var answers =
                json(post(name, new JsonObject().put("items", items).encode())).getJsonArray("items");
        for (int i = 0; i < expected.size(); i++) {
            var outputs = expected.get(i).getJsonObject("outputs");
            var answer = answers.getJsonObject(i);
            assertThat(answer.getLong("item_id")).isEqualTo(ids.get(i));
            if (!label.isEmpty()) {
                assertThat(answer.getInteger("prediction")).isEqualTo(outputs.getInteger(label));
                assertThat(answer.getString("label")).isEqualTo("class_" + outputs.getInteger(label));
            }
            close(answer.getValue(output), outputs.getValue(output));
            assertThat(answer.getString("record_id")).isNotEmpty();
        }
    }

    @Test
    void aFeatureOfTheRequestTakesThePlaceOfTheStoredOne() throws Exception {
        var explained =
                json(server.post("/predict/wine?explain=features", "{\"item_id\":43,\"features\":{\"alcohol\":13.2}}")
                        .body());
        var features = explained.getJsonObject("metadata").getJsonObject("features");
        assertThat(features.getJsonObject("alcohol").encode()).isEqualTo("{\"value\":13.2,\"status\":\"OVERRIDDEN\"}");
        assertThat(features.getJsonObject("proline").getInteger("value")).isEqualTo(680);
        assertThat(features.getJsonObject("proline").getString("status")).isIn("FRESH", "CACHED");
        assertThat(features.getJsonObject("proline").getLong("age_ms")).isNotNegative();
        assertThat(post("wine", "{\"item_id\":43}")).doesNotContain("features");
    }

    @Test
    void whoGivesEveryFeatureNeedsNoStore() throws Exception {
        var header =
                Files.readAllLines(Path.of("conf/features/wine.csv")).get(0).split(",", -1);
        var row = Files.readAllLines(Path.of("conf/features/wine.csv")).get(1).split(",", -1);
        var features = new JsonObject();
        IntStream.range(1, header.length).forEach(i -> features.put(header[i], Double.valueOf(row[i])));
        var unknown = new JsonObject().put("item_id", "no such wine").put("features", features);
        assertThat(json(post("wine", unknown.encode())).getString("label")).isEqualTo("class_0");
    }

    @Test
    void oneBadItemDoesNotFailTheRest() throws Exception {
        var items = json(post(
                        "wine",
                        "{\"items\":[{\"item_id\":43},{\"item_id\":1.5},{},{\"item_id\":99999},"
                                + "{\"item_id\":3,\"features\":{\"hue\":\"red\"}},{\"item_id\":3}]}"))
                .getJsonArray("items");
        assertThat(items).hasSize(6);
        assertThat(items.getJsonObject(0).getString("label")).isNotNull();
        assertThat(fault(items, 1)).isEqualTo("INVALID_ARGUMENT 422");
        assertThat(fault(items, 2)).isEqualTo("INVALID_ARGUMENT 422");
        assertThat(fault(items, 3)).isEqualTo("NOT_FOUND 404");
        assertThat(fault(items, 4)).isEqualTo("INVALID_ARGUMENT 400");
        assertThat(items.getJsonObject(5).getString("label")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                          | 422 | Field required
                    {"item_id":null}                            | 422 | Input should be an integer of at most 64 bits or a text
                    {"item_id":""}                              | 422 | or a text
                    {"item_id":43,"features":[]}                | 422 | features by name
                    {"item_id":43,"features":{"hue":null}}      | 422 | finite number
                    {"item_id":43,"features":{"shape":1}}       | 400 | feature \\"shape\\" is not one of this pipeline
                    {"item_id":43,"features":{"hue":"red"}}     | 400 | feature \\"hue\\": \\"red\\" does not fit the model's input \\"features\\" of FP32
                    {"item_id":43,"features":{"hue":1e300}}     | 400 | does not fit
                    {"item_id":43,"item_id":44}                 | 422 | json_invalid
                    {"items":[]}                                | 422 | list of items
                    {"items":{}}                                | 422 | list of items
                    []                                          | 422 | dictionary
                    nonsense                                    | 422 | json_invalid
                    {"item_id":99999}                           | 404 | 99999
                    """)
    void tellsWhatIsWrongWithARequest(String body, int status, String words) throws Exception {
        var answer = server.post("/predict/wine", body);
        assertThat(answer.statusCode())
                .as(answer.body())
                .isEqualTo(status == 422 && words.equals("json_invalid") ? 400 : status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void whatARequestSaysIsEchoedWithinBounds() throws Exception {
        String name = "x".repeat(40_000);
        var unknown = new JsonObject().put("item_id", 43).put("features", new JsonObject().put(name, 1));
        var odd = new JsonObject().put("item_id", 43).put("features", new JsonObject().put(name, new JsonArray()));
        assertThat(server.post("/predict/wine", unknown.encode()).body())
                .contains("is not one of this pipeline")
                .hasSizeLessThan(1_000);
        assertThat(server.post("/predict/wine", odd.encode()).body())
                .contains("finite number")
                .hasSizeLessThan(1_000);
    }

    @Test
    void aThousandExplainedItemsAreOneAnswer() throws Exception {
        var items = new JsonArray();
        IntStream.range(0, 1_000).forEach(i -> items.add(new JsonObject().put("item_id", 3)));
        var answer = server.post(
                "/predict/breast_cancer?explain=features",
                new JsonObject().put("items", items).encode());
        assertThat(answer.statusCode()).isEqualTo(200);
        var answers = json(answer.body()).getJsonArray("items");
        assertThat(answers).hasSize(1_000);
        for (Object one : answers) {
            var metadata = ((JsonObject) one).getJsonObject("metadata");
            assertThat(metadata).as(one.toString()).isNotNull();
            assertThat(metadata.getJsonObject("features")).hasSize(30);
        }
    }

    @Test
    void describesThePipelines() throws Exception {
        var all = json(server.get("/pipelines").body()).getJsonArray("pipelines");
        assertThat(all).hasSize(2);
        var wine = json(server.get("/pipelines/wine").body());
        assertThat(wine.getBoolean("ready")).isTrue();
        assertThat(wine.getJsonArray("features")).hasSize(13);
        assertThat(wine.getJsonArray("answer").encode()).isEqualTo("[\"prediction\",\"probabilities\",\"label\"]");
        var example = wine.getJsonObject("example");
        assertThat(server.post(
                                example.getString("path"),
                                example.getJsonObject("body").encode())
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.get("/pipelines/beer").statusCode()).isEqualTo(404);
        assertThat(server.post("/predict/beer", "{\"item_id\":1}").statusCode()).isEqualTo(404);
    }

    @Test
    void theHeaderTellsHowLongEachStageTook() throws Exception {
        var answer = server.post("/predict/wine", "{\"item_id\":43}");
        assertThat(answer.headers().firstValue("server-timing").orElseThrow())
                .matches(
                        "fetch;dur=[0-9.]+, queue;dur=[0-9.]+, predict;dur=[0-9.]+, encode;dur=[0-9.]+, record;dur=[0-9.]+, total;dur=.*");
    }

    @Test
    void theRecordIsInTheLedgerBeforeTheAnswerLeaves() throws Exception {
        var answer = json(post("wine", "{\"item_id\":43,\"features\":{\"hue\":1}}"));
        var record = server.records().stream()
                .filter(candidate -> answer.getString("record_id").equals(candidate.getString("record_id")))
                .findFirst()
                .orElseThrow();
        assertThat(record.encode().length()).isBetween(1_600, 2_000); // conf/augur.yaml says about 1.8 KB
        assertThat(record.getString("status")).isEqualTo("OK");
        assertThat(record.getString("endpoint")).isEqualTo("/predict/wine");
        assertThat(record.getString("model_version")).isEqualTo("2");
        assertThat(record.getString("artifact_digest")).hasSize(64);
        assertThat(record.getString("feature_source")).isEqualTo("wine");
        assertThat(record.getInteger("item_id")).isEqualTo(43);
        assertThat(record.getJsonArray("features")).hasSize(13);
        assertThat(record.getJsonArray("features").encode())
                .contains("{\"name\":\"hue\",\"value\":1,\"status\":\"OVERRIDDEN\"}");
        assertThat(record.getJsonObject("inputs").getJsonArray("features")).hasSize(13);
        assertThat(record.getJsonObject("outputs").getString("label")).isEqualTo(answer.getString("label"));

        assertThat(server.post("/predict/wine", "{\"item_id\":77777}").statusCode())
                .isEqualTo(404);
        TestServer.eventually(() -> server.records().stream()
                .anyMatch(refused -> "CLIENT_ERROR".equals(refused.getString("status"))
                        && "NOT_FOUND".equals(refused.getString("error_code"))
                        && Integer.valueOf(77777).equals(refused.getInteger("item_id"))));
    }

    @Test
    void aRequestThatIsNoneIsRecordedAsWell() throws Exception {
        server.post("/predict/wine", "{\"items\":7}");
        server.post("/predict/cider", "{}");
        server.post("/double_recorded", "{}");
        for (String endpoint : List.of("/predict/wine", "/predict/cider", "/double_recorded")) {
            TestServer.eventually(() -> server.records().stream()
                    .anyMatch(record -> endpoint.equals(record.getString("endpoint"))
                            && "CLIENT_ERROR".equals(record.getString("status"))));
        }
    }

    @Test
    void aPipelineWhoseModelIsAbsentIsNamedAndTheOthersGoOn(@TempDir Path repository) throws Exception {
        var model = Path.of("breast_cancer", "1", "model.onnx");
        Files.createDirectories(repository.resolve(model).getParent());
        Files.copy(Path.of("conf", "models").resolve(model), repository.resolve(model));
        try (var other = TestServer.start("models.repository=" + repository)) {
            var ready = other.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("\"wine\":\"Request for unknown model: 'wine'");
            assertThat(other.post("/predict/wine", "{\"item_id\":43}").statusCode())
                    .isEqualTo(503);
            assertThat(other.get("/pipelines/wine").body()).contains("\"ready\":false");
            TestServer.eventually(() ->
                    other.post("/predict/breast_cancer", "{\"item_id\":3}").statusCode() == 200);
        }
    }

    @Test
    void withoutALogNobodyWaitsForIt() throws Exception {
        try (var quiet = TestServer.start(
                "pipelines.wine.prediction-log=off", "pipelines.breast_cancer.prediction-log=after-answer")) {
            TestServer.eventually(
                    () -> quiet.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
            assertThat(quiet.post("/predict/wine", "{\"item_id\":43}").body()).doesNotContain("record_id");
            var answer =
                    json(quiet.post("/predict/breast_cancer", "{\"item_id\":3}").body());
            TestServer.eventually(() -> quiet.records().stream()
                    .anyMatch(record -> answer.getString("record_id").equals(record.getString("record_id"))));
            assertThat(quiet.records()).noneMatch(record -> "/predict/wine".equals(record.getString("endpoint")));
        }
    }

    private static String post(String pipeline, String body) throws Exception {
        var answer = server.post("/predict/" + pipeline, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String fault(JsonArray items, int index) {
        var error = items.getJsonObject(index).getJsonObject("error");
        assertThat(error.getValue("detail")).isNotNull();
        return error.getString("code") + " " + error.getInteger("status");
    }

    private static void close(Object actual, Object expected) {
        var found = numbers(actual);
        var wanted = numbers(expected);
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isCloseTo(wanted.get(i), within(1e-5));
        }
    }

    private static List<Double> numbers(Object value) {
        return (value instanceof JsonArray array ? array.stream() : Stream.of(value))
                .map(number -> ((Number) number).doubleValue())
                .toList();
    }

    private static List<JsonObject> lines(String file) throws Exception {
        return Files.readAllLines(Path.of(file)).stream().map(JsonObject::new).toList();
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }
}
