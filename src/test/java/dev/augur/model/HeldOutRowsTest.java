package dev.augur.model;

import static dev.augur.testkit.RowCalls.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RowCalls;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped models, served, against what the libraries that trained them answer for every held-out row. */
class HeldOutRowsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("models.repository=" + Rows.repository());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<String> models() {
        return List.of(
                "iris",
                "diabetes",
                "digits",
                "breast_cancer",
                "wine",
                "wine_zipmap",
                "wine_strings",
                "wine_csv",
                "iris_mixed",
                "doubler",
                "doubler_f64");
    }

    @ParameterizedTest
    @CsvSource({
        "iris,38",
        "diabetes,111",
        "digits,450",
        "breast_cancer,143",
        "wine,45",
        "wine_zipmap,45",
        "wine_strings,45",
        "wine_csv,45",
        "iris_mixed,38",
        "doubler,20",
        "doubler_f64,20"
    })
    void areAnsweredOneByOne(String model, int count) throws Exception {
        var inputs = Rows.inputs(model);
        var expected = Rows.expected(model);
        assertThat(inputs).hasSize(count);
        for (int i = 0; i < count; i++) {
            check(infer(model, inputs.subList(i, i + 1)), expected.subList(i, i + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void areAnsweredAllAtOnce(String model) throws Exception {
        check(infer(model, Rows.inputs(model)), Rows.expected(model));
    }

    @ParameterizedTest
    @MethodSource("models")
    void areAnsweredInBinary(String model) throws Exception {
        check(RowCalls.inferInBinary(server, model, Rows.inputs(model)), Rows.expected(model));
    }

    @Test
    void outputsAreThoseAskedForInThatOrder() throws Exception {
        var body = RowCalls.request(
                        Rows.inputs("iris").subList(0, 1),
                        server.server().models().require("iris", null).metadata())
                .put("id", "a/b")
                .put(
                        "outputs",
                        new JsonArray()
                                .add(new JsonObject().put("name", "probabilities"))
                                .add(new JsonObject().put("name", "label")));
        var answer = new JsonObject(
                server.post("/v2/models/iris/versions/1/infer", body.encode()).body());
        assertThat(answer.fieldNames()).containsExactly("model_name", "model_version", "id", "outputs");
        assertThat(answer.getString("id")).isEqualTo("a/b");
        assertThat(answer.getJsonArray("outputs").getJsonObject(0).getString("name"))
                .isEqualTo("probabilities");
        assertThat(answer.getJsonArray("outputs").getJsonObject(1).getString("name"))
                .isEqualTo("label");
    }

    @Test
    void metadataIsThatOfTheFile() throws Exception {
        assertThat(server.get("/v2").body()).startsWith("{\"name\":\"augur\",\"version\":");
        assertThat(server.get("/v2/").statusCode()).isEqualTo(200);
        var metadata = new JsonObject(server.get("/v2/models/digits").body());
        assertThat(metadata.getJsonArray("versions")).containsExactly("1");
        assertThat(metadata.getString("platform")).isEqualTo("onnx_onnxv1");
        assertThat(metadata.getJsonArray("inputs").encode())
                .isEqualTo("[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,1,8,8]}]");
        assertThat(metadata.getJsonArray("outputs")).hasSize(2);
        assertThat(new JsonObject(server.get("/v2/models/iris").body())
                        .getJsonObject("properties")
                        .getString("class_names"))
                .contains("setosa");
        assertThat(server.get("/v2/models/digits/ready").body()).isEqualTo("{\"name\":\"digits\",\"ready\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v2/models/nope | 404 | Request for unknown model: 'nope' is not found",
                "/v2/models/nope/ready | 404 | Request for unknown model: 'nope' is not found",
                "/v2/models/..%2Firis | 404 | Request for unknown model: '../iris' is not found",
                "/v2/models/iris/versions/7 | 404 | Request for unknown model: 'iris' version 7 is not found, only 1",
            })
    void unknownModelsAndVersionsAreNamed(String path, int status, String error) throws Exception {
        var answer = server.get(path);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "features | [1,5] | FP32 | [1,2,3,4,5] | input \"features\": shape [1, 5] does not match [-1, 4]",
                "features | [4]   | FP32 | [1,2,3,4]   | input \"features\": shape [4] does not match [-1, 4]",
                "features | [1,4] | FP64 | [1,2,3,4]   | input \"features\": datatype FP64 does not match FP32",
                "other    | [1,4] | FP32 | [1,2,3,4]   | input \"features\" is missing; the model expects \"features\"",
            })
    void inputsThatDoNotFitAreNamed(String name, String shape, String datatype, String data, String error)
            throws Exception {
        var answer = server.post(
                "/v2/models/iris/infer",
                "{\"inputs\":[{\"name\":\"" + name + "\",\"shape\":" + shape + ",\"datatype\":\"" + datatype
                        + "\",\"data\":" + data + "}]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(error);
    }

    @Test
    void aBatchThatIsTooLargeForTheEventLoopIsReadOnAWorker() throws Exception {
        var inputs = Rows.inputs("digits");
        var many = java.util.Collections.nCopies(10, inputs).stream()
                .flatMap(List::stream)
                .toList();
        var outputs = infer("digits", many);
        assertThat(outputs.getJsonObject(0).getJsonArray("shape")).containsExactly(4_500, 10);
    }

    @Test
    void aBrokenModelIsNamedAndTheOthersAreServed(@TempDir Path repository) throws Exception {
        for (String model : List.of("good", "broken", "empty")) {
            Files.createDirectories(repository.resolve(model + "/1"));
        }
        Files.createDirectories(repository.resolve("no-version/latest"));
        Files.copy(Path.of("conf/models/iris/1/model.onnx"), repository.resolve("good/1/model.onnx"));
        Files.writeString(repository.resolve("broken/1/model.onnx"), "this is no model");
        try (var own = TestServer.start("models.repository=" + repository)) {
            assertThat(own.get("/v2/models/good/ready").statusCode()).isEqualTo(200);
            var broken = own.get("/v2/models/broken/ready");
            assertThat(broken.statusCode()).isEqualTo(503);
            assertThat(broken.body()).contains("Protobuf parsing failed").doesNotContain(repository.toString());
            assertThat(own.get("/v2/models/empty").body())
                    .contains("there is neither a model.onnx nor a model.jar in its folder");
            var unversioned = own.get("/v2/models/no-version");
            assertThat(unversioned.statusCode()).isEqualTo(503);
            assertThat(unversioned.body()).contains("version");
            assertThat(own.get("/v2/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private static JsonArray infer(String name, List<JsonObject> rows) throws Exception {
        return RowCalls.infer(server, name, rows);
    }
}
