package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which versions are served, what a watched repository does, workers that models share. */
class ModelVersionsTest {
    private static final Path IRIS = Path.of("conf/models/iris/1/model.onnx");
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path repository;

    @Test
    void theNewestVersionIsServedByDefault() throws Exception {
        put("iris", "9", "10", "2");
        try (var server = start()) {
            assertThat(versions(server)).containsExactly("10");
            assertThat(served(server, "")).isEqualTo("10");
            assertThat(server.post("/v2/models/iris/versions/9/infer", ROW).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void allVersionsAreServedAtOnce() throws Exception {
        put("iris", "9", "10", "2");
        try (var server = start("models.versions=all")) {
            assertThat(versions(server)).containsExactly("2", "9", "10");
            assertThat(served(server, "")).isEqualTo("10");
            assertThat(served(server, "/versions/9")).isEqualTo("9");
            assertThat(server.get("/v2/models/iris/versions/2/ready").statusCode())
                    .isEqualTo(200);
            var all = new JsonObject(server.get("/v2/models/iris/stats").body()).getJsonArray("model_stats");
            assertThat(all).hasSize(3);
            var one = new JsonObject(
                    server.get("/v2/models/iris/versions/9/stats").body());
            assertThat(one.getJsonArray("model_stats").getJsonObject(0).getInteger("inference_count"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aListNamesVersionsAndAModelMayHaveItsOwn() throws Exception {
        put("iris", "1", "2", "3");
        put("other", "1", "2");
        try (var server = start("models.versions=1,3,4", "models.by-name.other.versions=latest")) {
            assertThat(versions(server)).containsExactly("1", "3");
            assertThat(states(server))
                    .containsExactly("iris 1 READY", "iris 3 READY", "iris 4 UNAVAILABLE", "other 2 READY");
            assertThat(server.post("/v2/models/iris/versions/4/infer", ROW).statusCode())
                    .isEqualTo(503);
            assertThat(server.post("/v2/repository/models/iris/load", "").body())
                    .contains("version 4: it is not in the repository");
        }
    }

    @Test
    void aVersionThatLeftTheDiskIsUnloadedWithTheNextLoad() throws Exception {
        put("iris", "1", "2");
        try (var server = start("models.versions=all")) {
            delete(repository.resolve("iris/1"));
            assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(states(server)).containsExactly("iris 2 READY");
        }
    }

    @Test
    void aWatchedRepositoryLoadsWhatIsDroppedIntoItOnceItIsWhole() throws Exception {
        put("iris", "1");
        try (var server = start("models.watch=true", "models.watch-interval=100ms")) {
            assertThat(served(server, "")).isEqualTo("1");

            var folder = Files.createDirectories(repository.resolve("iris/2"));
            byte[] model = Files.readAllBytes(IRIS);
            try (OutputStream copy = Files.newOutputStream(folder.resolve("model.onnx"))) {
                copy.write(model, 0, 100);
                copy.flush();
                eventually(() -> states(server).contains("iris 2 UNAVAILABLE"));
                assertThat(served(server, "")).as("what was there goes on").isEqualTo("1");
                copy.write(model, 100, model.length - 100);
            }
            eventually(() -> served(server, "").equals("2"));
            assertThat(states(server)).containsExactly("iris 2 READY");

            put("dropped", "1");
            eventually(() -> server.post("/v2/models/dropped/infer", ROW).statusCode() == 200);
            delete(repository.resolve("dropped"));
            eventually(() -> server.post("/v2/models/dropped/infer", ROW).statusCode() == 404);
            assertThat(served(server, "")).isEqualTo("2");
        }
    }

    @Test
    void modelsShareTheWorkersOfAGroup() throws Exception {
        put("iris", "1");
        put("other", "1");
        put("own", "1");
        try (var server = start(
                "models.groups.small.workers=1",
                "models.group=small",
                "models.by-name.own.group=none",
                "models.by-name.own.max-batch-size=8")) {
            var shared = properties(server, "iris");
            assertThat(shared.getString("augur.worker_group")).isEqualTo("small");
            assertThat(shared.getString("augur.workers")).isEqualTo("1");
            int cores = Runtime.getRuntime().availableProcessors();
            assertThat(shared.getString("augur.threads_per_run")).isEqualTo(String.valueOf(cores));
            var own = properties(server, "own");
            assertThat(own.getString("augur.worker_group")).isNull();
            assertThat(own.getString("augur.workers")).isEqualTo(String.valueOf(cores));
            assertThat(own.getString("augur.max_batch_size")).isEqualTo("8");
            var answers = Stream.of("iris", "other", "own", "iris", "other", "own")
                    .map(name -> server.postAsync("/v2/models/" + name + "/infer", ROW))
                    .toList();
            for (var answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
            assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/models/other/infer", ROW).statusCode())
                    .as("its group goes on when another model is closed")
                    .isEqualTo(200);
        }
    }

    @Test
    void aRequestMayNotHaveMoreRowsThanTheModelTakes() throws Exception {
        put("iris", "1");
        try (var server = start("models.max-rows=2")) {
            var three = ROW.replace("[1,4]", "[3,4]").replace("5.1,3.5,1.4,0.2", "1,2,3,4,1,2,3,4,1,2,3,4");
            var refused = server.post("/v2/models/iris/infer", three);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("input \\\"features\\\": 3 rows are more than the 2 a request may have");
        }
    }

    @Test
    void aLoadThatAsksForMoreThanTheRepositoryHoldsIsRefused() throws Exception {
        put("iris", "1");
        try (var server = start()) {
            var refused = server.post("/v2/repository/models/iris/load", "{\"parameters\":{\"config\":\"{}\"}}");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("parameter \\\"config\\\" is not served");
            assertThat(server.post("/v2/repository/models/iris/unload", "{\"parameters\":{\"unload_dependents\":true}}")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private TestServer start(String... settings) throws Exception {
        return TestServer.start(Stream.concat(Stream.of("models.repository=" + repository), Stream.of(settings))
                .toArray(String[]::new));
    }

    private void put(String name, String... versions) throws Exception {
        for (String version : versions) {
            var folder = Files.createDirectories(repository.resolve(name).resolve(version));
            Files.copy(IRIS, folder.resolve("model.onnx"));
        }
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String served(TestServer server, String version) throws Exception {
        var answer = server.post("/v2/models/iris" + version + "/infer", ROW);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body()).getString("model_version");
    }

    private static List<String> versions(TestServer server) throws Exception {
        return new JsonObject(server.get("/v2/models/iris").body())
                .getJsonArray("versions").stream().map(String::valueOf).toList();
    }

    private static JsonObject properties(TestServer server, String model) throws Exception {
        return new JsonObject(server.get("/v2/models/" + model).body()).getJsonObject("properties");
    }

    private static List<String> states(TestServer server) throws Exception {
        return new JsonArray(server.post("/v2/repository/index", "").body())
                .stream()
                        .map(JsonObject.class::cast)
                        .map(entry -> entry.getString("name") + " " + entry.getString("version") + " "
                                + entry.getString("state"))
                        .toList();
    }
}
