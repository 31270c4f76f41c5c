package dev.augur.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.ModelRunner;
import dev.augur.inference.Priority;
import dev.augur.protocol.InferenceCall;
import dev.augur.protocol.InferenceRequestReader;
import dev.augur.protocol.InferenceResponseWriter;
import dev.augur.protocol.RequestBody;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
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
        check(inferInBinary(model, Rows.inputs(model)), Rows.expected(model));
    }

    @Test
    void outputsAreThoseAskedForInThatOrder() throws Exception {
        var body = request(
                        Rows.inputs("iris").subList(0, 1),
                        server.server().models().require("iris", null))
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
                "/v2/models/nope | 404 | model \"nope\" is not known",
                "/v2/models/nope/ready | 404 | model \"nope\" is not known",
                "/v2/models/..%2Firis | 404 | model \"../iris\" is not known",
                "/v2/models/iris/versions/7 | 404 | model \"iris\" has no version \"7\", only 1",
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
            assertThat(own.get("/v2/models/no-version").statusCode()).isEqualTo(404);
            assertThat(own.get("/v2/health/ready").statusCode()).isEqualTo(200);
        }
    }

    private static JsonArray infer(String name, List<JsonObject> rows) throws Exception {
        var model = server.server().models().require(name, null);
        var answer = server.post(
                "/v2/models/" + name + "/infer", request(rows, model).encode());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getJsonArray("outputs");
    }

    private static JsonObject request(List<JsonObject> rows, ModelRunner model) {
        var inputs = new JsonArray();
        for (TensorMetadata input : model.metadata().inputs()) {
            var shape = new JsonArray().add(rows.size());
            for (int i = 1; i < input.shape().rank(); i++) {
                shape.add(input.shape().dimension(i));
            }
            inputs.add(new JsonObject()
                    .put("name", input.name())
                    .put("shape", shape)
                    .put("datatype", input.datatype().name())
                    .put(
                            "data",
                            new JsonArray(rows.stream()
                                    .map(row -> row.getValue(input.name()))
                                    .toList())));
        }
        return new JsonObject().put("inputs", inputs);
    }

    private static void check(JsonArray outputs, List<JsonObject> expected) {
        assertThat(outputs.stream().map(output -> ((JsonObject) output).getString("name")))
                .containsExactlyInAnyOrderElementsOf(expected.get(0).fieldNames());
        for (Object each : outputs) {
            var output = (JsonObject) each;
            var wanted = expected.stream()
                    .flatMap(row -> Rows.flat(row.getValue(output.getString("name"))).stream())
                    .toList();
            var actual = Rows.flat(output.getJsonArray("data"));
            assertThat(actual).hasSameSizeAs(wanted);
            for (int i = 0; i < wanted.size(); i++) {
                if (wanted.get(i) instanceof Double number) {
                    assertThat((Double) actual.get(i))
                            .as(output.getString("name"))
                            .isCloseTo(number, tolerance(output, number));
                } else {
                    assertThat(actual.get(i)).as(output.getString("name")).isEqualTo(wanted.get(i));
                }
            }
        }
    }

    /** The tolerances of the models' cards: labels are equal, sums of trees are relative, the rest absolute. */
    private static Offset<Double> tolerance(JsonObject output, double wanted) {
        return switch (output.getString("name")) {
            case "label", "species_id" -> Offset.offset(0.0);
            case "progression", "prediction" -> Offset.offset(1e-5 * Math.abs(wanted));
            case "logits" -> Offset.offset(1e-4);
            default -> Offset.offset(1e-5);
        };
    }

    /** The same request with every tensor behind the JSON, and the answer's tensors put back into JSON. */
    private static JsonArray inferInBinary(String name, List<JsonObject> rows) throws Exception {
        byte[] json = request(rows, server.server().models().require(name, null))
                .toBuffer()
                .getBytes();
        var call = InferenceRequestReader.read(new RequestBody(json, json.length, memory -> {}), name, null)
                .request();
        var inputs = new JsonArray();
        var tensors = Buffer.buffer();
        for (Tensor input : call.inputs()) {
            var shape = new JsonArray();
            java.util.Arrays.stream(input.shape().toArray()).forEach(shape::add);
            inputs.add(new JsonObject()
                    .put("name", input.name())
                    .put("datatype", input.datatype().name())
                    .put("shape", shape)
                    .put(
                            "parameters",
                            new JsonObject()
                                    .put("binary_data_size", input.data().limit())));
            tensors.appendBytes(bytes(input));
        }
        var head = new JsonObject()
                .put("inputs", inputs)
                .put("parameters", new JsonObject().put("binary_data_output", true))
                .toBuffer();
        var answer = server.postBytes(
                "/v2/models/" + name + "/infer",
                head.copy().appendBuffer(tensors).getBytes(),
                Map.of(
                        "Content-Type",
                        "application/octet-stream",
                        "Inference-Header-Content-Length",
                        String.valueOf(head.length())));
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        int headBytes = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        var body = Buffer.buffer(answer.body());
        return inJson(new JsonObject(body.slice(0, headBytes)).getJsonArray("outputs"), body, headBytes);
    }

    private static JsonArray inJson(JsonArray outputs, Buffer body, int headBytes) {
        var tensors = new ArrayList<Tensor>();
        int position = headBytes;
        for (Object each : outputs) {
            var output = (JsonObject) each;
            int size = output.getJsonObject("parameters").getInteger("binary_data_size");
            long[] shape = output.getJsonArray("shape").stream()
                    .mapToLong(d -> ((Number) d).longValue())
                    .toArray();
            tensors.add(new Tensor(
                    output.getString("name"),
                    DataType.valueOf(output.getString("datatype")),
                    Shape.of(shape),
                    ByteBuffer.wrap(body.getBytes(position, position + size))));
            position += size;
        }
        assertThat(position).isEqualTo(body.length());
        var call = new InferenceCall(
                new InferenceRequest(null, "m", null, List.of(), List.of(), null, Priority.DEFAULT), Map.of(), false);
        var json = InferenceResponseWriter.write(new InferenceResponse(null, "m", "1", tensors, null), call)
                .json();
        return new JsonObject(Buffer.buffer(json.array())).getJsonArray("outputs");
    }

    private static byte[] bytes(Tensor tensor) {
        byte[] bytes = new byte[tensor.data().limit()];
        tensor.elements().get(bytes);
        return bytes;
    }
}
