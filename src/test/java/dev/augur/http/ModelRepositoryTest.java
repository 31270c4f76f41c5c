package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading and unloading while the server runs; configuration and statistics of models. */
class ModelRepositoryTest {
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path repository;

    @BeforeEach
    void copyIris() throws Exception {
        put("iris", "1", Path.of("conf/models/iris/1/model.onnx"));
    }

    @Test
    void loadsUnloadsAndTellsWhatThereIs() throws Exception {
        put("broken", "1", Path.of("README.md"));
        try (var server = TestServer.start("models.repository=" + repository)) {
            var index = new JsonArray(server.post("/v2/repository/index", "{}").body());
            assertThat(index.encode())
                    .isEqualTo("[{\"name\":\"broken\",\"version\":\"1\",\"state\":\"UNAVAILABLE\",\"reason\":"
                            + "\"Load model from model.onnx failed:Protobuf parsing failed.\"},"
                            + "{\"name\":\"iris\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]");
            assertThat(new JsonArray(server.post("/v2/repository/index", "{\"ready\":true}")
                            .body()))
                    .hasSize(1);
            assertThat(server.post("/v2/repository/index", "{\"ready\":1}").statusCode())
                    .isEqualTo(400);

            assertThat(server.post("/v2/repository/models/iris/unload", "").statusCode())
                    .isEqualTo(200);
            var unloaded = server.post("/v2/models/iris/infer", ROW);
            assertThat(unloaded.statusCode()).isEqualTo(404);
            assertThat(unloaded.body()).contains("Request for unknown model: 'iris' version 1 was unloaded");

            assertThat(server.post("/v2/repository/models/iris/load", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/models/iris/infer", ROW).statusCode()).isEqualTo(200);

            assertThat(server.post("/v2/repository/models/nope/load", "").statusCode())
                    .isEqualTo(404);
            assertThat(server.post("/v2/repository/models/nope/unload", "").statusCode())
                    .isEqualTo(404);
            var broken = server.post("/v2/repository/models/broken/load", "");
            assertThat(broken.statusCode()).isEqualTo(400);
            assertThat(broken.body()).contains("Protobuf parsing failed");
        }
    }

    @Test
    void aNewVersionTakesOverAndABrokenOneDoesNot() throws Exception {
        try (var server = TestServer.start("models.repository=" + repository)) {
            put("iris", "2", Path.of("conf/models/iris/1/model.onnx"));
            assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/models/iris/infer", ROW).body()).contains("\"model_version\":\"2\"");

            put("iris", "3", Path.of("README.md"));
            assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                    .isEqualTo(400);
            assertThat(server.post("/v2/models/iris/infer", ROW).body()).contains("\"model_version\":\"2\"");
        }
    }

    @Test
    void aHundredReloadsUnderLoadLoseNoRequest() throws Exception {
        try (var server = TestServer.start("models.repository=" + repository)) {
            var done = new AtomicBoolean();
            var answered = new AtomicInteger();
            var failed = new AtomicInteger();
            var clients = new ArrayList<CompletableFuture<Void>>();
            for (int c = 0; c < 4; c++) {
                clients.add(CompletableFuture.runAsync(() -> {
                    while (!done.get()) {
                        int status = server.postAsync("/v2/models/iris/infer", ROW)
                                .join()
                                .statusCode();
                        (status == 200 ? answered : failed).incrementAndGet();
                    }
                }));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(server.post("/v2/repository/models/iris/load", "").statusCode())
                        .isEqualTo(200);
            }
            eventually(() -> answered.get() > 100);
            done.set(true);
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
            assertThat(failed).hasValue(0);
        }
    }

    @Test
    void describesModelsAsLoadGeneratorsRead() throws Exception {
        try (var server = TestServer.start("models.repository=" + repository, "models.max-batch-size=16")) {
            var config = new JsonObject(server.get("/v2/models/iris/config").body());
            assertThat(config.getInteger("max_batch_size")).isEqualTo(16);
            assertThat(config.getString("backend")).isEqualTo("onnx");
            assertThat(config.getJsonArray("input").encode())
                    .isEqualTo("[{\"name\":\"features\",\"data_type\":\"TYPE_FP32\",\"dims\":[4]}]");

            for (int i = 0; i < 5; i++) {
                server.post("/v2/models/iris/infer", ROW);
            }
            for (String path :
                    new String[] {"/v2/models/stats", "/v2/models/iris/stats", "/v2/models/iris/versions/1/stats"}) {
                var stats = new JsonObject(server.get(path).body())
                        .getJsonArray("model_stats")
                        .getJsonObject(0);
                assertThat(stats.getInteger("inference_count")).isEqualTo(5);
                assertThat(stats.getInteger("execution_count")).isEqualTo(5);
                var success = stats.getJsonObject("inference_stats").getJsonObject("success");
                assertThat(success.getInteger("count")).isEqualTo(5);
                assertThat(success.getLong("ns")).isPositive();
                assertThat(stats.getJsonArray("batch_stats").getJsonObject(0).getInteger("batch_size"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void deadlinesOfTheClientAreKept() throws Exception {
        put("slow", "1", Path.of("src/test/resources/repository/broken_slow/1/model.onnx"));
        try (var server = TestServer.start("models.repository=" + repository)) {
            var body = "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[30000]}]%s}";
            var byParameter = server.postBytes(
                    "/v2/models/slow/infer",
                    String.format(body, ",\"parameters\":{\"timeout\":50000}")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.util.Map.of());
            assertThat(byParameter.statusCode()).isEqualTo(504);
            assertThat(new String(byParameter.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("{\"error\":\"the prediction did not end within 50 ms\"}");
            var byHeader = server.postBytes(
                    "/v2/models/slow/infer",
                    String.format(body, "").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.util.Map.of("X-Request-Timeout", "60ms"));
            assertThat(byHeader.statusCode()).isEqualTo(504);
            var wrong = server.postBytes(
                    "/v2/models/slow/infer",
                    String.format(body, "").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    java.util.Map.of("X-Request-Timeout", "soon"));
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(new String(wrong.body(), java.nio.charset.StandardCharsets.UTF_8))
                    .contains("its unit, ms or s");
        }
    }

    @Test
    void aDeadlineStopsARunThatWouldNeverEnd() throws Exception {
        put("slow", "1", Path.of("src/test/resources/repository/broken_slow/1/model.onnx"));
        try (var server = TestServer.start("models.repository=" + repository)) {
            var endless =
                    "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[9000000000000000000]}],"
                            + "\"parameters\":{\"timeout\":100000}}";
            assertThat(server.post("/v2/models/slow/infer", endless).statusCode())
                    .isEqualTo(504);
            eventually(() -> server.meter("augur_model_running{model=\"slow\"}") == 0);
            assertThat(server.post("/v2/models/slow/infer", endless.replace("9000000000000000000", "1"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void closesEveryReplacedModelHoweverManyLoadAtOnce() throws Exception {
        try (var server = TestServer.start("models.repository=" + repository)) {
            var loads = new ArrayList<CompletableFuture<java.net.http.HttpResponse<String>>>();
            for (int i = 0; i < 300; i++) {
                loads.add(server.postAsync("/v2/repository/models/iris/load", ""));
            }
            for (var load : loads) {
                assertThat(load.get().statusCode()).isIn(200, 429);
            }
            eventually(() -> Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("augur-model-iris"))
                            .map(thread -> thread.getName().replaceAll("-[0-9]+$", ""))
                            .distinct()
                            .count()
                    <= 1);
            assertThat(server.post("/v2/models/iris/infer", ROW).statusCode()).isEqualTo(200);
        }
    }

    private void put(String model, String version, Path file) throws Exception {
        var folder = Files.createDirectories(repository.resolve(model).resolve(version));
        Files.copy(file, folder.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
    }
}
