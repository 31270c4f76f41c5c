package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.Rows;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that break, in a process of their own which they may break with them: it serves the others all the same. */
class BrokenModelsTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    static Path data;

    private static AugurProcess augur;
    private static String repository;

    @BeforeAll
    static void start() throws Exception {
        repository = Rows.repository().toString();
        augur = AugurProcess.start(Map.of(
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_DATA_DIRECTORY",
                data.toString(),
                "AUGUR_MODELS_REPOSITORY",
                repository));
    }

    @AfterAll
    static void servesTheOthersAndStopsInOrder() throws Exception {
        try (var process = augur) {
            assertThat(post("iris", ROW).statusCode()).isEqualTo(200);
            assertThat(augur.get("/v2/health/ready").statusCode()).isEqualTo(200);
            process.signal("TERM");
            assertThat(process.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "truncated             | Protobuf parsing failed",
                "empty                 | does not have a graph",
                "not_onnx              | Protobuf parsing failed",
                "wrong_opset           | Opset 999",
                "wrong_ir              | Unsupported model IR version: 999",
                "missing_external_data | External data path does not exist",
                "external_data_escape  | External data path escapes model directory",
                "unknown_op            | is not a registered function/op",
                "type_clash            | Type Error",
            })
    void isUnavailableWithTheReason(String model, String reason) throws Exception {
        var index = new JsonArray(augur.post("/v2/repository/index", "{}").get().body());
        var entry = index.stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("name").equals("broken_" + model))
                .toList();
        assertThat(entry).singleElement().satisfies(only -> {
            assertThat(only.getString("state")).isEqualTo("UNAVAILABLE");
            assertThat(only.getString("reason")).contains(reason).doesNotContain(repository);
        });
        assertThat(post("broken_" + model, "{\"inputs\":[]}").statusCode()).isEqualTo(503);
        var again = augur.post("/v2/repository/models/broken_" + model + "/load", "")
                .get();
        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains(reason).doesNotContain(repository);
    }

    /** 4 TiB, more than the address space has, and a negative number of elements. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 40, 1L << 62, -1})
    void anAbsurdAllocationFailsAlone(long elements) throws Exception {
        var answer = post("broken_huge_alloc", one(elements));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"error\":\"model \\\"broken_huge_alloc\\\" failed on these inputs\"}");
        assertThat(post("broken_huge_alloc", one(10)).body()).endsWith("\"data\":[10.0]}]}");
    }

    @Test
    void anEndlessRunIsShownAsBusyAnsweredInTimeAndStopped() throws Exception {
        var running = "augur_model_running{model=\"broken_slow\",version=\"1\"}";
        var body = new JsonObject(one(9_000_000_000_000_000_000L))
                .put("parameters", new JsonObject().put("timeout", 2_000_000));
        var endless = augur.post("/v2/models/broken_slow/infer", body.encode());
        eventually(() -> augur.meter(running) == 1 || endless.isDone());
        assertThat(endless).isNotDone();
        assertThat(post("iris", ROW).statusCode()).isEqualTo(200);
        assertThat(endless.get().statusCode()).isEqualTo(504);
        assertThat(endless.get().body()).isEqualTo("{\"error\":\"the prediction did not end within 2000 ms\"}");
        eventually(() -> augur.meter(running) == 0);
        assertThat(post("broken_slow", one(1)).statusCode()).isEqualTo(200);
    }

    @Test
    void anOutputThatIsNoNumberIsNamed() throws Exception {
        var negative = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[-1]}]}";
        var answer = post("broken_nan", negative);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("output \\\"root\\\" holds NaN");
    }

    private static String one(long n) {
        return "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[" + n + "]}]}";
    }

    private static HttpResponse<String> post(String model, String body) throws Exception {
        return augur.post("/v2/models/" + model + "/infer", body).get();
    }
}
