package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ClusterMembers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node without models says of those that others know of and cannot serve. */
class NotReadyElsewhereTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}";

    @TempDir
    Path folder;

    @Test
    void whatNoNodeCanServeIsNotUnknown() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("models/broken/1")).resolve("model.onnx"), "no model");
        try (var cluster = new ClusterMembers(folder)) {
            var worker = cluster.start("worker", "predict,log", "models.repository=" + folder.resolve("models"));
            var front = cluster.start("front", "http");
            String node = worker.server().node();
            for (String path : new String[] {"", "/ready", "/config", "/versions/1", "/versions/1/ready"}) {
                var answer = front.get("/v2/models/broken" + path);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(answer.body())
                        .contains("no node takes requests for the model \\\"broken\\\": version 1 on " + node + ": ");
            }
            assertThat(front.post("/v2/models/broken/infer", ROW).body()).contains("version 1 on " + node);
            assertThat(front.get("/v2/models/broken/versions/2").statusCode()).isEqualTo(404);
            assertThat(front.get("/v2/models/other").statusCode()).isEqualTo(404);
            var wine = front.post("/predict/wine", "{\"item_id\":43}");
            assertThat(wine.statusCode()).isEqualTo(503);
            assertThat(wine.body()).contains("the pipeline \\\"wine\\\" is ready on no node, not on " + node);
            front.post("/v2/repository/models/broken/unload", "{\"parameters\":{\"nodes\":\"all\"}}");
            eventually(() -> front.get("/v2/models/broken").statusCode() == 404);
        }
    }
}
