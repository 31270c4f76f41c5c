package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline says of itself: an example that works, its fields once each, why it is not ready. */
class PipelineDescriptionTest {
    @TempDir
    private Path folder;

    @Test
    void theExampleOfEachPipelineIsAnswered() throws Exception {
        try (var server = TestServer.start(
                "feature-stores.away.kind=http",
                "feature-stores.away.url=http://127.0.0.1:1/{id}",
                "pipelines.away.store=away",
                "pipelines.away.model=doubler")) {
            TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
            for (String name : new String[] {"wine", "breast_cancer"}) {
                var example = new JsonObject(server.get("/pipelines/" + name).body()).getJsonObject("example");
                var answer = server.post(
                        example.getString("path"), example.getJsonObject("body").encode());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
            assertThat(server.get("/pipelines/away").body()).doesNotContain("example");
        }
    }

    @Test
    void aLabelLeavesTheOutputOfItsName() throws Exception {
        String features = "inputs: {features: " + Wines.features() + "}";
        try (var server = start(
                "{kind: csv, path: " + Path.of("conf/features/wine.csv").toAbsolutePath() + ", key-column: item_id}",
                "  bare: {store: one, model: wine, label: label, " + features + "}\n"
                        + "  twice: {store: one, model: wine, label: label, outputs: {label: label}, " + features
                        + "}\n")) {
            TestServer.eventually(
                    () -> server.post("/predict/bare", "{\"item_id\":0}").statusCode() == 200);
            var description = new JsonObject(server.get("/pipelines/bare").body());
            assertThat(description.getJsonArray("answer"))
                    .isEqualTo(new JsonArray()
                            .add("label_output")
                            .add("probabilities")
                            .add("label"));
            var answer = new JsonObject(
                    server.post("/predict/bare", "{\"item_id\":0}").body());
            assertThat(answer.getValue("label_output")).isEqualTo(0);
            assertThat(answer.getValue("label")).isEqualTo("class_0");
            assertThat(server.get("/pipelines/twice").body())
                    .contains("outputs has a field \\\"label\\\", which is to be the name of the class");
        }
    }

    @Test
    void aFileThatCannotFitMakesThePipelineNotReadyAndOneBadCellDoesNot() throws Exception {
        String features = "inputs: {features: " + Wines.features() + "}";
        String header = "item_id," + String.join(",", Wines.features());
        String good = Wines.features().stream().map(name -> "1.5").collect(Collectors.joining(","));
        var file = folder.resolve("wine.csv");
        Files.writeString(
                file, header + "\n1," + good.replaceFirst("1.5", "red") + "\n2," + good.replaceFirst("1.5", "blue"));
        String store = "{kind: csv, path: " + file + ", key-column: item_id, reload-interval: 100ms}";
        try (var server = start(store, "  wines: {store: one, model: wine, " + features + "}\n")) {
            var reasons = new JsonObject(server.get("/health/ready").body()).getJsonObject("pipelines_not_ready");
            assertThat(reasons.getString("wines"))
                    .isEqualTo(
                            "feature store \"one\": file wine.csv: line 2, column \"alcohol\": \"red\" is no number");

            Files.writeString(
                    file,
                    header + "\n1," + good.replaceFirst("1.5", "red") + "\n2," + good + "\n3,NA" + good.substring(3));
            TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
            var items = "{\"items\":[{\"item_id\":1},{\"item_id\":2},{\"item_id\":3}]}";
            var answers = new JsonObject(server.post("/predict/wines", items).body()).getJsonArray("items");
            assertThat(answers.getJsonObject(0).encode()).contains("\\\"red\\\" does not fit");
            assertThat(answers.getJsonObject(1).containsKey("error")).isFalse();
            assertThat(answers.getJsonObject(2).encode()).contains("\\\"alcohol\\\" of item 3 has no value");
        }
    }

    private TestServer start(String store, String pipelines) throws Exception {
        var file = folder.resolve("augur.yaml");
        Files.writeString(
                file,
                "models:\n  repository: " + Path.of("conf/models").toAbsolutePath() + "\nfeature-stores:\n  one: "
                        + store + "\npipelines:\n" + pipelines);
        return TestServer.start("config=" + file);
    }
}
