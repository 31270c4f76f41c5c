package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ClusterMembers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code {"parameters":{"nodes":"all"}}}: a model is loaded and unloaded on all nodes. */
class EveryNodeTest {
    private static final String ALL = "{\"parameters\":{\"nodes\":\"all\"}}";
    private static final String IRIS = "/v2/repository/models/iris/";

    @TempDir
    Path directory;

    @Test
    void aModelIsLoadedOnAllNodesAndEachFailureIsTold() throws Exception {
        var one = repository("one");
        var two = repository("two");
        try (var members = new ClusterMembers(directory)) {
            var worker = members.start("worker", "predict", "models.repository=" + one);
            var events = events(worker);
            var front = members.start("front", "http,predict", "models.repository=" + two);
            eventually(() -> events.stream()
                    .anyMatch(
                            event -> event.startsWith("joined " + front.server().node())));
            eventually(() -> nodesOf(front) == 2);

            assertThat(front.post(IRIS + "unload", "{\"parameters\":{\"nodes\":\"some\"}}")
                            .statusCode())
                    .isEqualTo(400);
            var unloaded = front.post(IRIS + "unload", ALL);
            assertThat(unloaded.statusCode()).as(unloaded.body()).isEqualTo(200);
            var nodes = new JsonObject(unloaded.body()).getJsonArray("nodes");
            assertThat(nodes).hasSize(2);
            assertThat(nodes.toString())
                    .contains(worker.server().node(), front.server().node());
            assertThat(worker.server().models().loaded()).isEmpty();
            assertThat(front.server().models().loaded()).isEmpty();

            delete(one.resolve("iris"));
            var partly = front.post(IRIS + "load", ALL);
            assertThat(partly.statusCode()).as(partly.body()).isEqualTo(404);
            assertThat(partly.body()).contains("1 of 2 nodes did not do it", "\"status\":200", "\"status\":404");
            assertThat(front.server().models().loaded()).hasSize(1);

            front.post(IRIS + "unload", "{}");
            Files.writeString(two.resolve("iris/1/model.onnx"), "nonsense");
            front.post(IRIS + "load", "{}");
            String failed = "model_failed " + front.server().node() + " iris 1 ";
            eventually(() ->
                    events.stream().anyMatch(event -> event.startsWith(failed) && event.length() > failed.length()));

            worker.stop();
            eventually(() -> front.server().nodes().others().isEmpty());
            var alone = new JsonObject(front.post(IRIS + "load", ALL).body());
            assertThat(alone.getJsonArray("nodes")).hasSize(1);
        }
    }

    /** What a member hears of {@code augur.events}. */
    private static List<String> events(ClusterMembers.Member member) throws Exception {
        var heard = new CopyOnWriteArrayList<String>();
        await(member.vertx()
                .eventBus()
                .<JsonObject>consumer("augur.events", message -> {
                    var event = message.body();
                    heard.add(event.getString("event") + " " + event.getString("node") + " "
                            + event.getString("model", "") + " " + event.getString("version", "") + " "
                            + event.getString("reason", ""));
                })
                .completion());
        return heard;
    }

    private static int nodesOf(ClusterMembers.Member front) throws Exception {
        return new JsonArray(front.post("/v2/repository/index", "{}").body())
                .getJsonObject(0)
                .getJsonArray("nodes")
                .size();
    }

    private Path repository(String name) throws IOException {
        var from = Path.of("conf/models/iris");
        var to = directory.resolve(name + "-models/iris");
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return to.getParent();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
