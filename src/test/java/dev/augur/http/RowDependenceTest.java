package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose rows influence each other, served to many clients at once with the settings as they are. */
class RowDependenceTest {
    private static final int CLIENTS = 24;
    private static final int ROUNDS = 5;

    @TempDir
    private Path repository;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sequence | 1,3 | off: LSTM "states" runs along axis 0
                    detector | 4   | off: Compress "scores" takes rows out by their values""")
    void everyClientGetsTheAnswerItGetsAlone(String model, String rest, String batching) throws Exception {
        place(model);
        try (var server = TestServer.start("models.repository=" + repository, "models.max-batch-delay=20ms")) {
            var random = new Random(11);
            for (int round = 0; round < ROUNDS; round++) {
                var bodies = bodies(rest, random);
                var alone = new ArrayList<JsonArray>();
                for (String body : bodies) {
                    alone.add(outputs(server.post(path(model), body)));
                }
                var together = bodies.stream()
                        .map(body -> server.postAsync(path(model), body))
                        .toList();
                for (int i = 0; i < CLIENTS; i++) {
                    same(outputs(answer(together.get(i))), alone.get(i));
                }
            }
            assertThat(json(server, "/v2/models/" + model)
                            .getJsonObject("properties")
                            .getString("augur.batching"))
                    .isEqualTo(batching);
            var config = json(server, "/v2/models/" + model + "/config");
            assertThat(config.getInteger("max_batch_size")).isZero();
            var statistics = json(server, "/v2/models/" + model + "/stats")
                    .getJsonArray("model_stats")
                    .getJsonObject(0);
            assertThat(statistics.getString("batching")).isEqualTo(batching);
            assertThat(statistics.getLong("execution_count")).isEqualTo(2L * CLIENTS * ROUNDS);
        }
    }

    @Test
    void whoIsOrderedToBatchSuchAModelStopsWhenAnswersCannotBeTakenApart() throws Exception {
        place("detector");
        try (var server = TestServer.start(
                "models.repository=" + repository,
                "models.by-name.detector.max-batch-size=32",
                "models.by-name.detector.max-batch-delay=20ms")) {
            assertThat(batching(server)).startsWith("on by max-batch-size, although Compress \"scores\" takes");
            var none = body(List.of(0, 0, 0, 0), "4");
            var many = body(List.of(1, 1, 1, 1), "4");
            var answers = List.of(server.postAsync(path("detector"), none), server.postAsync(path("detector"), many));
            assertThat(outputs(answer(answers.get(0))).getJsonObject(0).getJsonArray("shape"))
                    .isEqualTo(new JsonArray("[0]"));
            assertThat(outputs(answer(answers.get(1))).getJsonObject(0).getJsonArray("shape"))
                    .isEqualTo(new JsonArray("[4]"));
            assertThat(batching(server)).startsWith("off: output \"scores\" has the shape [4] for 2 rows");
        }
    }

    private static String batching(TestServer server) throws Exception {
        return json(server, "/v2/models/detector").getJsonObject("properties").getString("augur.batching");
    }

    private void place(String model) throws Exception {
        var folder = Files.createDirectories(repository.resolve(model).resolve("1"));
        Files.copy(
                Path.of("src", "test", "resources", "rows", "dependent", model + ".onnx"),
                folder.resolve("model.onnx"));
    }

    private static List<String> bodies(String rest, Random random) {
        var bodies = new ArrayList<String>();
        for (int i = 0; i < CLIENTS; i++) {
            int width = rest.equals("4") ? 4 : 3;
            var values = new ArrayList<Object>();
            for (int j = (1 + random.nextInt(4)) * width; j > 0; j--) {
                values.add(random.nextFloat());
            }
            bodies.add(body(values, rest));
        }
        return bodies;
    }

    private static String body(List<?> values, String rest) {
        int width = rest.equals("4") ? 4 : 3;
        var shape = new JsonArray("[" + values.size() / width + "," + rest + "]");
        return new JsonObject()
                .put(
                        "inputs",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "x")
                                        .put("shape", shape)
                                        .put("datatype", "FP32")
                                        .put("data", new JsonArray(values))))
                .encode();
    }

    private static void same(JsonArray together, JsonArray alone) {
        var expected = alone.getJsonObject(0);
        var got = together.getJsonObject(0);
        assertThat(got.getJsonArray("shape")).isEqualTo(expected.getJsonArray("shape"));
        for (int i = 0; i < expected.getJsonArray("data").size(); i++) {
            assertThat(got.getJsonArray("data").getDouble(i))
                    .isCloseTo(expected.getJsonArray("data").getDouble(i), within(1e-6));
        }
    }

    private static JsonArray outputs(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getJsonArray("outputs");
    }

    private static HttpResponse<String> answer(CompletableFuture<HttpResponse<String>> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    private static JsonObject json(TestServer server, String path) throws Exception {
        return new JsonObject(server.get(path).body());
    }

    private static String path(String model) {
        return "/v2/models/" + model + "/infer";
    }
}
