package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How inference requests travel: binary tensors, raw requests, compression, every datatype. */
class InferenceTransportTest {
    private static final String ECHO = "{\"inputs\":[{\"name\":\"x\",\"shape\":[%d],\"datatype\":\"%s\",\"data\":%s}]}";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("models.repository=" + Rows.repository(), "http.max-inference-body=1MiB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bool     | BOOL   | [true,false]",
                "int8     | INT8   | [-128,127]",
                "int16    | INT16  | [-32768,32767]",
                "int32    | INT32  | [-2147483648,2147483647]",
                "int64    | INT64  | [-9223372036854775808,9223372036854775807]",
                "uint8    | UINT8  | [0,255]",
                "uint16   | UINT16 | [0,65535]",
                "uint32   | UINT32 | [0,4294967295]",
                "uint64   | UINT64 | [0,18446744073709551615]",
                "float16  | FP16   | [-65504.0,5.9604645E-8]",
                "bfloat16 | BF16   | [1.5,-3.0]",
                "float32  | FP32   | [3.4028235E38,-1.4E-45]",
                "float64  | FP64   | [1.7976931348623157E308,4.9E-324]",
                "string   | BYTES  | [\"\",\"grün 日本 \uD83D\uDE00\"]",
            })
    void everyDatatypeComesBackAsItWas(String model, String datatype, String data) throws Exception {
        var answer = server.post("/v2/models/echo_" + model + "/infer", String.format(ECHO, 2, datatype, data));
        assertThat(answer.body()).contains("\"datatype\":\"" + datatype + "\",\"data\":" + data);
    }

    @Test
    void mixesTensorsInJsonAndInBinary() throws Exception {
        var head =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}],"
                        + "\"outputs\":[{\"name\":\"y\",\"parameters\":{\"binary_data\":false}}],"
                        + "\"parameters\":{\"binary_data_output\":true}}";
        var answer = binary("echo_float32", head, floats(1.5f, -2f));
        assertThat(text(answer)).endsWith("\"datatype\":\"FP32\",\"data\":[1.5,-2.0]}]}");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void binaryCarriesWhatJsonCannot() throws Exception {
        var wanted =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[2,1],\"datatype\":\"FP32\",\"data\":[-1,4]}],\"outputs\":[{\"name\":\"root\"%s}]}";
        var json = server.post("/v2/models/broken_nan/infer", String.format(wanted, ""));
        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(json.body())
                .isEqualTo(
                        "{\"error\":\"output \\\"root\\\" holds NaN, which JSON cannot express; ask for it in binary\"}");

        var answer = server.postBytes(
                "/v2/models/broken_nan/infer",
                String.format(wanted, ",\"parameters\":{\"binary_data\":true}").getBytes(StandardCharsets.UTF_8),
                Map.of());
        assertThat(answer.statusCode()).isEqualTo(200);
        int head = Integer.parseInt(
                answer.headers().firstValue("inference-header-content-length").orElseThrow());
        var values = ByteBuffer.wrap(answer.body(), head, 8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(values.getFloat()).isNaN();
        assertThat(values.getFloat()).isEqualTo(2f);
    }

    @Test
    void takesARawRequest() throws Exception {
        var answer = server.postBytes(
                "/v2/models/iris/infer",
                floats(5.1f, 3.5f, 1.4f, 0.2f),
                Map.of("Inference-Header-Content-Length", "0"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/octet-stream");
        assertThat(text(answer)).contains("\"name\":\"probabilities\",\"shape\":[1,3]");
        assertThat(text(server.postBytes(
                        "/v2/models/iris/infer", floats(1f, 2f, 3f), Map.of("Inference-Header-Content-Length", "0"))))
                .isEqualTo("{\"error\":\"input \\\"features\\\": binary_data_size 12, shape [0, 4] of FP32 needs 0\"}");
        assertThat(text(server.postBytes(
                        "/v2/models/breast_cancer/infer", floats(1f), Map.of("Inference-Header-Content-Length", "0"))))
                .contains("a raw request needs a model with one input, \\\"breast_cancer\\\" has 30");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8  | 2  | 8  | 200 |",
                "8  | 2  | 9  | 400 | the body has 1 bytes that no input claims",
                "8  | 2  | 7  | 400 | binary_data_size 8 is more than the 7 bytes that are left",
                "4  | 2  | 4  | 400 | binary_data_size 4, shape [2] of FP32 needs 8",
                "-1 | 2  | 8  | 400 | binary_data_size must be an integer from 0 to 2147483647",
            })
    void refusesSizesThatDoNotAddUp(int declared, int elements, int sent, int status, String error) throws Exception {
        var head = "{\"inputs\":[{\"name\":\"x\",\"shape\":[" + elements
                + "],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":" + declared + "}}]}";
        var answer = binary("echo_float32", head, new byte[sent]);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(text(answer)).contains(error == null ? "" : error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "x", "9999999999", "100000"})
    void refusesAJsonLengthThatIsNone(String length) throws Exception {
        var answer = server.postBytes(
                "/v2/models/echo_float32/infer", new byte[10], Map.of("Inference-Header-Content-Length", length));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(answer))
                .contains("Inference-Header-Content-Length must be an integer from 0 to the body's length, 10");
    }

    @Test
    void refusesStringsOnnxCannotBeGiven() throws Exception {
        var nul = server.post("/v2/models/echo_string/infer", String.format(ECHO, 1, "BYTES", "[\"a\\u0000b\"]"));
        assertThat(nul.body()).contains("input \\\"x\\\": element 0 holds a NUL");
        var head =
                "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":5}}]}";
        assertThat(text(binary("echo_string", head, new byte[] {1, 0, 0, 0, (byte) 0xFF})))
                .contains("input \\\"x\\\": element 0 is not valid UTF-8");
        assertThat(text(binary("echo_string", head, new byte[] {9, 0, 0, 0, 65})))
                .contains("element 0 is cut off");
        assertThat(server.post("/v2/models/echo_string/infer", String.format(ECHO, 1, "BYTES", "[\"\\ud800\"]"))
                        .body())
                .contains("element 0 has half of a surrogate pair");
    }

    @Test
    void takesAndGivesCompressedBodies() throws Exception {
        var rows = "1.5,".repeat(2_000);
        byte[] plain = String.format(ECHO, 2_000, "FP32", "[" + rows.substring(0, rows.length() - 1) + "]")
                .getBytes(StandardCharsets.UTF_8);
        var gzip = server.postBytes(
                "/v2/models/echo_float32/infer",
                gzip(plain),
                Map.of("Content-Encoding", "gzip", "Accept-Encoding", "br, gzip"));
        assertThat(gzip.statusCode()).isEqualTo(200);
        assertThat(gzip.headers().firstValue("content-encoding")).hasValue("gzip");
        try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip.body()))) {
            assertThat(new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getString("model_name"))
                    .isEqualTo("echo_float32");
        }
        for (boolean bare : new boolean[] {true, false}) {
            var deflate = server.postBytes(
                    "/v2/models/echo_float32/infer", deflate(plain, bare), Map.of("Content-Encoding", "deflate"));
            assertThat(deflate.statusCode()).isEqualTo(200);
            assertThat(deflate.headers().firstValue("content-encoding")).isEmpty();
        }
        assertThat(server.postBytes("/v2/models/echo_float32/infer", plain, Map.of("Accept-Encoding", "gzip;q=0"))
                        .headers()
                        .firstValue("content-encoding"))
                .isEmpty();
    }

    @Test
    void aCompressedBodyTakesTheMemoryOfThePlainOne() throws Exception {
        try (var tight = TestServer.start("models.repository=conf/models", "http.body-memory=100KiB")) {
            var small = gzip(new byte[300_000]);
            assertThat(small.length).isLessThan(1_000);
            var answer = tight.postBytes("/v2/models/iris/infer", small, Map.of("Content-Encoding", "gzip"));
            assertThat(answer.statusCode()).isEqualTo(413); // it could never be held
            TestServer.eventually(() -> tight.meter("augur_http_body_memory_bytes") == 0);
        }
    }

    @Test
    void tensorsMadeOfJsonTakeTheirMemoryToo() throws Exception {
        try (var tight = TestServer.start("models.repository=conf/models", "http.body-memory=100KiB")) {
            int rows = 20_000; // 40 KB of text, 160 KB of tensor
            var zeros = "{\"inputs\":[{\"name\":\"feature_value\",\"shape\":[" + rows
                    + ",1],\"datatype\":\"FP64\",\"data\":[" + "0,".repeat(rows - 1) + "0]}]}";
            var answer = tight.post("/v2/models/doubler/infer", zeros);
            assertThat(answer.statusCode()).isEqualTo(413); // it could never be held
            assertThat(answer.body()).contains("http.body-memory");
            TestServer.eventually(() -> tight.meter("augur_http_body_memory_bytes") == 0);
        }
    }

    @Test
    void refusesWhatIsNoDeflateToTheEnd() throws Exception {
        var deflater = new Deflater();
        deflater.setDictionary(new byte[] {1, 2, 3});
        deflater.setInput("{}".getBytes(StandardCharsets.UTF_8));
        deflater.finish();
        byte[] coded = new byte[100];
        var withDictionary = java.util.Arrays.copyOf(coded, deflater.deflate(coded));
        var answer = server.postBytes("/v2/models/iris/infer", coded.clone(), Map.of("Content-Encoding", "deflate"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(text(server.postBytes(
                        "/v2/models/iris/infer", withDictionary, Map.of("Content-Encoding", "deflate"))))
                .isEqualTo("{\"error\":\"the body is not valid deflate\"}");
    }

    @Test
    void theLimitHoldsAfterDecompression() throws Exception {
        var bomb = gzip(new byte[50 << 20]);
        assertThat(bomb.length).isLessThan(100_000);
        var answer = server.postBytes("/v2/models/echo_float32/infer", bomb, Map.of("Content-Encoding", "gzip"));
        assertThat(answer.statusCode()).isEqualTo(413);
        var broken = server.postBytes(
                "/v2/models/echo_float32/infer",
                "no gzip".getBytes(StandardCharsets.UTF_8),
                Map.of("Content-Encoding", "gzip"));
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(text(broken)).isEqualTo("{\"error\":\"the body is not valid gzip\"}");
        var unknown = server.postBytes("/v2/models/echo_float32/infer", new byte[1], Map.of("Content-Encoding", "br"));
        assertThat(unknown.statusCode()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broken_truncated | Load model from model.onnx failed:Protobuf parsing failed.",
                "broken_empty | ModelProto does not have a graph.",
                "broken_external_data_escape | External data path escapes model directory.",
                "broken_missing_external_data | External data path does not exist",
                "broken_wrong_ir | Unsupported model IR version: 999, max supported IR version: 13",
                "broken_unknown_op | com.example:NoSuchOperator(-1) is not a registered function/op",
                "sequence_input | input \\\"x\\\" is not a tensor",
            })
    void modelsThatCannotBeServedSayWhy(String model, String reason) throws Exception {
        var answer = server.get("/v2/models/" + model + "/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains(reason)
                .doesNotContain("augur-models")
                .doesNotContain("onnxruntime_src")
                .doesNotContain("resolved path");
    }

    @Test
    void aModelThatFailsOnItsInputsGoesOn() throws Exception {
        var answer = server.post("/v2/models/broken_fails_at_run/infer", String.format(ECHO, 3, "FP32", "[1,2,3]"));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"error\":\"model \\\"broken_fails_at_run\\\" failed on these inputs\"}");
        assertThat(server.post(
                                "/v2/models/broken_fails_at_run/infer",
                                String.format(ECHO, 7, "FP32", "[1,2,3,4,5,6,7]"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void scalarsAndEmptyTensorsAreTensorsToo() throws Exception {
        var scalar = "{\"inputs\":[{\"name\":\"x\",\"shape\":[],\"datatype\":\"FP32\",\"data\":[2.5]}]}";
        assertThat(server.post("/v2/models/rank0/infer", scalar).body())
                .contains("\"shape\":[],\"datatype\":\"FP32\",\"data\":[");
        for (String model : new String[] {"float32,FP32", "string,BYTES", "uint64,UINT64", "bool,BOOL"}) {
            var parts = model.split(",");
            assertThat(server.post("/v2/models/echo_" + parts[0] + "/infer", String.format(ECHO, 0, parts[1], "[]"))
                            .body())
                    .contains("\"shape\":[0],\"datatype\":\"" + parts[1] + "\",\"data\":[]");
        }
    }

    private static HttpResponse<byte[]> binary(String model, String head, byte[] tensors) throws Exception {
        byte[] json = head.getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(json.length + tensors.length)
                .put(json)
                .put(tensors)
                .array();
        return server.postBytes(
                "/v2/models/" + model + "/infer",
                body,
                Map.of("Inference-Header-Content-Length", String.valueOf(json.length)));
    }

    private static byte[] floats(float... values) {
        var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] plain, boolean bare) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var deflate = new DeflaterOutputStream(out, new Deflater(Deflater.DEFAULT_COMPRESSION, bare))) {
            deflate.write(plain);
        }
        return out.toByteArray();
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
