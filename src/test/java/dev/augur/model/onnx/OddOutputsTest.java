package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs that are no tensors of the protocol, {@code z}, beside one that is, {@code y}. */
class OddOutputsTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("models.repository=" + Path.of("src", "test", "resources", "odd_outputs"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "sequence, a sequence of FLOAT tensors",
        "strings, a sequence of STRING tensors",
        "float8, a tensor of a datatype that the protocol lacks",
        "optional, an optional value",
        "sparse, a sparse tensor",
    })
    void areLeftOutAndSayWhatTheyAre(String model, String what) throws Exception {
        var metadata = new JsonObject(server.get("/v2/models/" + model).body());
        assertThat(metadata.getJsonArray("outputs").encode())
                .isEqualTo("[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[-1]}]");
        assertThat(metadata.getJsonObject("properties").getString("z.not_served"))
                .isEqualTo(what);
        for (String wanted : new String[] {"", ",\"outputs\":[{\"name\":\"y\"}]"}) {
            var answer = infer(model, wanted);
            assertThat(answer.getJsonArray("outputs").size()).isOne();
            assertThat(answer.getJsonArray("outputs").getJsonObject(0).getJsonArray("data"))
                    .isEqualTo(new JsonArray("[1.0,2.5]"));
        }
        assertThat(infer(model, ",\"outputs\":[{\"name\":\"z\"}]").getString("error"))
                .isEqualTo("output \"z\" is not served: it is " + what);
    }

    @Test
    void othersAreUnknown() throws Exception {
        assertThat(infer("sequence", ",\"outputs\":[{\"name\":\"q\"}]").getString("error"))
                .isEqualTo("output \"q\" is unknown; the model yields \"y\"");
    }

    private static JsonObject infer(String model, String more) throws Exception {
        var input = "{\"inputs\":[{\"name\":\"x\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1,2.5]}]";
        var answer = server.post("/v2/models/" + model + "/infer", input + more + "}");
        var body = new JsonObject(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(body.containsKey("error") ? 400 : 200);
        return body;
    }
}
