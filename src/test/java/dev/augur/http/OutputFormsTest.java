package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.protocol.RequestJson;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which an output can be asked for, and what some cannot hold. */
class OutputFormsTest {
    /** Vert.x's own reader refuses long texts. */
    private static final ObjectReader JSON =
            JsonMapper.builder(RequestJson.parsers()).build().readerFor(LinkedHashMap.class);

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("models.repository=" + Rows.repository(), "http.body-memory=300MiB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theHighestClassesOfEachRow() throws Exception {
        var row = Rows.inputs("wine_strings").get(0).getJsonArray("features").encode();
        var rows = "{\"name\":\"features\",\"shape\":[2,13],\"datatype\":\"FP32\",\"data\":[" + row + "," + row + "]}";
        var all = outputs("wine_strings", rows, "{\"name\":\"probabilities\"}").getJsonObject(0);
        var top = outputs("wine_strings", rows, "{\"name\":\"probabilities\",\"parameters\":{\"classification\":2}}")
                .getJsonObject(0);
        assertThat(top.getString("datatype")).isEqualTo("BYTES");
        assertThat(top.getJsonArray("shape")).isEqualTo(new JsonArray("[2,2]"));
        var values = all.getJsonArray("data");
        int best = values.getDouble(0) > values.getDouble(1) ? 0 : 1;
        best = values.getDouble(2) > values.getDouble(best) ? 2 : best;
        var label = outputs("wine_strings", rows, "{\"name\":\"label\"}")
                .getJsonObject(0)
                .getJsonArray("data")
                .getString(0);
        assertThat(top.getJsonArray("data").getString(0))
                .isEqualTo(values.getFloat(best) + ":" + best + ":" + label)
                .isEqualTo(top.getJsonArray("data").getString(2));
    }

    @Test
    void classesOfAnOutputWithoutNames() throws Exception {
        var x = "{\"name\":\"x\",\"shape\":[3],\"datatype\":\"FP32\",\"data\":[7,-1,7.5]}";
        var top = outputs("echo_float32", x, "{\"name\":\"y\",\"parameters\":{\"classification\":5}}")
                .getJsonObject(0);
        assertThat(top.getJsonArray("shape")).isEqualTo(new JsonArray("[3,1]"));
        assertThat(top.getJsonArray("data")).isEqualTo(new JsonArray("[\"7.0:0\",\"-1.0:0\",\"7.5:0\"]"));
        var rows = "{\"name\":\"x\",\"shape\":[2,3],\"datatype\":\"FP32\",\"data\":[1,3,3,0,-2,-1]}";
        assertThat(outputs("fixed_batch", rows, "{\"name\":\"y\",\"parameters\":{\"classification\":9}}")
                        .getJsonObject(0)
                        .getJsonArray("data")
                        .size())
                .isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.5", "\"2\"", "true", "3000000000"})
    void aWrongNumberOfClassesIsRefused(String count) throws Exception {
        assertThat(refusal(
                        "echo_float32",
                        "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[7]}",
                        "{\"name\":\"y\",\"parameters\":{\"classification\":" + count + "}}"))
                .isEqualTo("outputs[0].parameters.classification must be an integer from 1 to 2147483647");
    }

    @Test
    void whatHasNoNumbersHasNoClasses() throws Exception {
        assertThat(refusal(
                        "echo_string",
                        "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"a\"]}",
                        "{\"name\":\"y\",\"parameters\":{\"classification\":1}}"))
                .isEqualTo("output \"y\": classification needs numbers, it has BYTES");
    }

    @Test
    void whatJsonCannotExpressIsToBeAskedForInBinary() throws Exception {
        var x = "{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[-4]}";
        assertThat(refusal("broken_nan", x, "{\"name\":\"root\"}"))
                .isEqualTo("output \"root\" holds NaN, which JSON cannot express; ask for it in binary");
        assertThat(refusal("broken_nan", x, "{\"name\":\"ratio\"}"))
                .isEqualTo("output \"ratio\" holds -Infinity, which JSON cannot express; ask for it in binary");
        var body = request(x, "{\"name\":\"root\",\"parameters\":{\"binary_data\":true}}");
        var answer = server.postBytes(
                "/v2/models/broken_nan/infer",
                body.getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Type", "application/json"));
        assertThat(answer.statusCode()).isEqualTo(200);
        int head = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        assertThat(ByteBuffer.wrap(answer.body(), head, 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getFloat())
                .isNaN();
    }

    @Test
    void textsAreAnsweredAsTheyWereSent() throws Exception {
        var mixed = "[\"plain\",\"😀\",\"\",\"a\\uD83D\\uDE00b\",\"ð\"]";
        var x = "{\"name\":\"x\",\"shape\":[5],\"datatype\":\"BYTES\",\"data\":" + mixed + "}";
        assertThat(outputs("echo_string", x, "{\"name\":\"y\"}")
                        .getJsonObject(0)
                        .getJsonArray("data"))
                .isEqualTo(new JsonArray(mixed));
        assertThat(refusal("echo_string", x.replace("plain", "\\uD83D"), "{\"name\":\"y\"}"))
                .isEqualTo("input \"x\": element 0 has half of a surrogate pair");
        assertThat(refusal("echo_string", x.replace("plain", "a\\u0000"), "{\"name\":\"y\"}"))
                .isEqualTo("input \"x\": element 0 holds a NUL, which ONNX models here cannot be given");
        var number = "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[%d]}";
        assertThat(refusal("string_names", String.format(number, 5), "{\"name\":\"y\"}"))
                .isEqualTo("output \"y\": element 0 holds a NUL, which cannot be read from ONNX models here");
    }

    @Test
    void aLongTextIsTaken() throws Exception {
        var text = "x".repeat(21_000_000);
        var x = "{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"" + text + "\"]}";
        assertThat(outputs("echo_string", x, "{\"name\":\"y\"}")
                        .getJsonObject(0)
                        .getJsonArray("data")
                        .getString(0)
                        .equals(text))
                .isTrue();
    }

    private static JsonArray outputs(String model, String input, String output) throws Exception {
        var answer = server.post("/v2/models/" + model + "/infer", request(input, output));
        assertThat(answer.statusCode())
                .as(() -> answer.body().substring(0, Math.min(300, answer.body().length())))
                .isEqualTo(200);
        LinkedHashMap<String, Object> members = JSON.readValue(answer.body());
        return new JsonObject(members).getJsonArray("outputs");
    }

    private static String refusal(String model, String input, String output) throws Exception {
        var answer = server.post("/v2/models/" + model + "/infer", request(input, output));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        return new JsonObject(answer.body()).getString("error");
    }

    private static String request(String input, String output) {
        return "{\"inputs\":[" + input + "],\"outputs\":[" + output + "]}";
    }
}
