package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a node says that it wants requests, and what it says of models that it does not serve. */
class ReadinessTest {
    private static final Path IRIS = Path.of("conf/models/iris/1/model.onnx");

    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    @TempDir
    Path repository;

    @Test
    void isNotReadyWithoutAnyOfItsModelsAndSaysWhy() throws Exception {
        put("broken/1/model.onnx", "no model");
        try (var server = start()) {
            for (String path : List.of("/health/ready", "/v2/health/ready")) {
                assertThat(server.get(path).statusCode()).isEqualTo(503);
                assertThat(server.get(path).body()).contains("\"models\":\"0 of 1 models loaded; broken version 1: ");
            }
            var answer = server.post("/v2/models/broken/infer", ROW);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    void oneModelIsEnoughUnlessAllAreAskedFor() throws Exception {
        put("broken/1/model.onnx", "no model");
        putIris("iris/1/model.onnx");
        try (var server = start()) {
            assertThat(server.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
            assertThat(server.get("/v2/models").body()).isEqualTo("{\"models\":[\"iris\"]}");
        }
        try (var server = start("health.ready=all")) {
            assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(503);
            assertThat(new JsonObject(server.get("/health/ready").body()).getString("status"))
                    .isEqualTo("not_ready");
        }
    }

    @Test
    void recordsThatNobodyTakesAreAReasonWhereTheyAreToBe() throws Exception {
        putIris("iris/1/model.onnx");
        try (var server =
                start("roles=http,predict", "cluster.enabled=true", "health.requires=models,prediction-log")) {
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.post("/v2/models/iris/infer", ROW).statusCode()).isEqualTo(200);
            TestServer.eventually(() -> server.get("/health/ready").statusCode() == 503);
            assertThat(server.get("/health/ready").body()).contains("\"prediction-log\":\"");
            assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            server.vertx().eventBus().consumer(Addresses.PREDICTION_LOG, group -> group.reply(null));
            TestServer.eventually(() -> server.get("/health/ready").statusCode() == 200);
        }
    }

    @Test
    void anEmptyRepositoryIsReadySinceNothingIsMissing() throws Exception {
        try (var server = start("health.ready=all")) {
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
        }
    }

    @Test
    void aModelThatWasUnloadedIsUnknownAndNotMissed() throws Exception {
        putIris("iris/1/model.onnx");
        putIris("other/1/model.onnx");
        try (var server = start("health.ready=all")) {
            assertThat(server.get("/v2/models").body()).isEqualTo("{\"models\":[\"iris\",\"other\"]}");
            assertThat(server.post("/v2/repository/models/other/unload", "").statusCode())
                    .isEqualTo(200);
            var answer = server.post("/v2/models/other/infer", ROW);
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).startsWith("{\"error\":\"Request for unknown model: 'other' ");
            assertThat(server.get("/v2/models").body()).isEqualTo("{\"models\":[\"iris\"]}");
            assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(server.post("/v2/repository/models/iris/unload", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/repository/models/x%00/load", "").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void namesWhatLooksLikeAModelAndHowToMendIt() throws Exception {
        putIris("iris/1/model.onnx");
        putIris("loose/model.onnx");
        putIris("zero/01/model.onnx");
        putIris("letter/v1/model.onnx");
        putIris("dotted/1.0/model.onnx");
        Files.createDirectories(repository.resolve("empty"));
        Files.createDirectories(repository.resolve("hollow/1"));
        try (var server = start()) {
            var index = new JsonArray(server.post("/v2/repository/index", "").body());
            assertThat(index.stream().map(JsonObject.class::cast).map(entry -> Stream.of(
                                    "name", "version", "state", "reason")
                            .map(entry::getString)
                            .toList()))
                    .contains(
                            List.of("iris", "1", "READY", ""),
                            List.of("dotted", "1.0", "UNAVAILABLE", "\"1.0\" is no version: call the folder 1"),
                            List.of("letter", "v1", "UNAVAILABLE", "\"v1\" is no version: call the folder 1"),
                            List.of("zero", "01", "UNAVAILABLE", "\"01\" is no version: call the folder 1"),
                            List.of(
                                    "loose",
                                    "",
                                    "UNAVAILABLE",
                                    "its file lies in no version's folder: move it, expected loose/1/model.onnx"),
                            List.of(
                                    "empty",
                                    "",
                                    "UNAVAILABLE",
                                    "it has no version's folder: expected empty/1/model.onnx"),
                            List.of(
                                    "hollow",
                                    "1",
                                    "UNAVAILABLE",
                                    "there is neither a model.onnx nor a model.jar in its folder"));
            var loose = server.post("/v2/models/loose/infer", ROW);
            assertThat(loose.statusCode()).isEqualTo(503);
            assertThat(loose.body())
                    .contains("model \\\"loose\\\" is not loaded: its file lies in no version's folder");
            Files.move(repository.resolve("zero/01"), repository.resolve("zero/1"));
            assertThat(server.post("/v2/repository/models/zero/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/repository/index", "").body()).doesNotContain("\"01\"");
        }
    }

    private TestServer start(String... settings) throws Exception {
        return TestServer.start(Stream.concat(Stream.of("models.repository=" + repository), Stream.of(settings))
                .toArray(String[]::new));
    }

    private void putIris(String path) throws Exception {
        Files.createDirectories(repository.resolve(path).getParent());
        Files.copy(IRIS, repository.resolve(path));
    }

    private void put(String path, String text) throws Exception {
        Files.createDirectories(repository.resolve(path).getParent());
        Files.writeString(repository.resolve(path), text);
    }
}
