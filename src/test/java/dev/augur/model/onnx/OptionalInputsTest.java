package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inputs that a model has a default for, served; and models with weights in another file. */
class OptionalInputsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("models.repository=" + Rows.repository(), "models.by-name.default_factor.max-rows=3");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void areListedAsOptional() throws Exception {
        assertThat(new JsonObject(server.get("/v2/models/default_input").body())
                        .getJsonArray("inputs")
                        .encode())
                .isEqualTo(
                        "[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-1]},"
                                + "{\"name\":\"factor\",\"datatype\":\"FP32\",\"shape\":[1],\"parameters\":{\"optional\":true}}]");
        var config =
                new JsonObject(server.get("/v2/models/default_factor/config").body());
        assertThat(config.getInteger("max_batch_size")).isGreaterThan(1);
        assertThat(config.getJsonArray("input").encode())
                .isEqualTo("[{\"name\":\"x\",\"data_type\":\"TYPE_FP32\",\"dims\":[1]},"
                        + "{\"name\":\"factor\",\"data_type\":\"TYPE_FP32\",\"dims\":[-1],\"optional\":true}]");
    }

    @Test
    void takeTheirDefaultWhereTheyAreLeftOut() throws Exception {
        var x = input("x", "[3]", "FP32", "[1,2,3]");
        assertThat(outputs("default_input", x)).containsEntry("y", new JsonArray("[3.0,6.0,9.0]"));
        assertThat(outputs("default_input", x, input("factor", "[1]", "FP32", "[0.5]")))
                .containsEntry("y", new JsonArray("[0.5,1.0,1.5]"));
        assertThat(outputs("default_input", x)).containsEntry("y", new JsonArray("[3.0,6.0,9.0]"));
    }

    @Test
    void mayBeOfAnyDatatypeAndGivenOneByOne() throws Exception {
        var x = input("x", "[2,1]", "FP32", "[1,2]");
        assertThat(outputs("default_inputs", x))
                .containsEntry("y", new JsonArray("[2.0,4.0]"))
                .containsEntry("unit_used", new JsonArray("[\"grün\"]"))
                .containsEntry("level_used", new JsonArray("[65535.0]"));
        assertThat(outputs("default_inputs", input("level", "[1]", "UINT16", "[7]"), x))
                .containsEntry("y", new JsonArray("[2.0,4.0]"))
                .containsEntry("level_used", new JsonArray("[7.0]"));
        assertThat(outputs(
                        "default_inputs",
                        input("negate", "[1]", "BOOL", "[true]"),
                        input("factor", "[]", "FP32", "[10]"),
                        input("unit", "[1]", "BYTES", "[\"red\"]"),
                        x))
                .containsEntry("y", new JsonArray("[-10.0,-20.0]"))
                .containsEntry("unit_used", new JsonArray("[\"red\"]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "factor | [1] | FP64 | input \"factor\": datatype FP64 does not match FP32",
                "factor | [2] | FP32 | input \"factor\": shape [2] does not match [1]",
                "fact   | [1] | FP32 | input \"fact\" is unknown; the model expects \"x\", \"factor\"",
            })
    void areCheckedWhereTheyAreGiven(String name, String shape, String datatype, String error) throws Exception {
        var answer = infer(
                "default_input",
                input("x", "[1]", "FP32", "[1]"),
                input(name, shape, datatype, shape.equals("[2]") ? "[1,2]" : "[1]"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo(error);
    }

    @Test
    void hideNoRowsFromTheLimit() throws Exception {
        var factor = input("factor", "[1]", "FP32", "[2]");
        assertThat(infer("default_factor", input("x", "[3,1]", "FP32", "[1,2,3]"), factor)
                        .statusCode())
                .isEqualTo(200);
        var answer = infer("default_factor", input("x", "[4,1]", "FP32", "[1,2,3,4]"), factor);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("4 rows are more than the 3 a request may have");
    }

    @Test
    void theOthersAreNeeded() throws Exception {
        var answer = infer("default_input", input("factor", "[1]", "FP32", "[1]"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("input \\\"x\\\" is missing");
    }

    @Test
    void areNoPartOfARawRequest() throws Exception {
        var body = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1)
                .putFloat(2)
                .array();
        var answer = server.postBytes(
                "/v2/models/default_input/infer", body, Map.of("Inference-Header-Content-Length", "0"));
        assertThat(answer.statusCode()).isEqualTo(200);
        int head = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        var y = ByteBuffer.wrap(answer.body(), head, 8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(y.getFloat()).isEqualTo(3);
        assertThat(y.getFloat()).isEqualTo(6);
    }

    @Test
    void weightsMayLieInAnotherFile() throws Exception {
        assertThat(outputs("external_data", input("x", "[2,2]", "FP32", "[1,1,10,10]")))
                .containsEntry("y", new JsonArray("[3.0,-2.0,30.0,-20.0]"));
    }

    @Test
    void weightsMayLieInAnotherFileBesideAnOptionalInput() throws Exception {
        var inputs =
                new JsonObject(server.get("/v2/models/default_and_external").body()).getJsonArray("inputs");
        assertThat(inputs.stream().map(each -> ((JsonObject) each).getString("name")))
                .containsExactly("x", "offset");
        var x = input("x", "[1,2]", "FP32", "[1,10]");
        assertThat(outputs("default_and_external", x)).containsEntry("y", new JsonArray("[3.5,-19.0]"));
        assertThat(outputs("default_and_external", x, input("offset", "[2]", "FP32", "[0,0]")))
                .containsEntry("y", new JsonArray("[3.0,-20.0]"));
    }

    private static JsonObject input(String name, String shape, String datatype, String data) {
        return new JsonObject()
                .put("name", name)
                .put("shape", new JsonArray(shape))
                .put("datatype", datatype)
                .put("data", new JsonArray(data));
    }

    private static Map<String, Object> outputs(String model, JsonObject... inputs) throws Exception {
        var answer = infer(model, inputs);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var outputs = new java.util.HashMap<String, Object>();
        for (Object each : new JsonObject(answer.body()).getJsonArray("outputs")) {
            var output = (JsonObject) each;
            outputs.put(output.getString("name"), output.getJsonArray("data"));
        }
        return outputs;
    }

    private static HttpResponse<String> infer(String model, JsonObject... inputs) throws Exception {
        var body = new JsonObject().put("inputs", new JsonArray(java.util.List.of((Object[]) inputs)));
        return server.post("/v2/models/" + model + "/infer", body.encode());
    }
}
