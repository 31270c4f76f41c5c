package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./run.sh check}: what it finds, all at once, and that nothing is written or served. */
class CheckCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void layModels() throws Exception {
        for (String place : List.of("doubler/1/model.doubler", "torn/3/model.onnx", "named/v2/model.onnx")) {
            var file = folder.resolve("models").resolve(place);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
        Files.writeString(folder.resolve("features.csv"), "item_id,feature_value\n1,1.5\n");
    }

    private Path configuration(String more) throws Exception {
        return Files.writeString(
                folder.resolve("augur.yaml"),
                """
                models: {repository: models}
                data: {directory: data}
                feature-stores:
                  items: {kind: csv, path: features.csv, key-column: item_id}
                pipelines:
                  doubled: {store: items, model: doubler}
                """
                        + more);
    }

    private int check(Path config, String... more) {
        var all = new ArrayList<>(List.of("check", "--config", config.toString()));
        all.addAll(List.of(more));
        return new CommandLine(Augur.class)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void saysThatAllIsWell() throws Exception {
        delete("torn", "named");
        assertThat(check(configuration(""))).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .startsWith("OK: 1 versions of models can be served, 1 pipelines looked at; nothing was served");
        try (Stream<Path> there = Files.list(folder)) {
            assertThat(there.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("models", "features.csv", "augur.yaml");
        }
    }

    @Test
    void namesWhatIsWrongWithModelsAndPipelinesAtOnce() throws Exception {
        var config = configuration("  other: {store: items, model: torn}\n  none: {store: items, model: nowhere}\n");
        assertThat(check(config)).isEqualTo(1);
        assertThat(err.toString().lines())
                .anyMatch(line -> line.startsWith(folder.resolve("models/torn/3") + ": "))
                .anyMatch(line ->
                        line.equals(folder.resolve("models/named/v2") + ": \"v2\" is no version: call the folder 2"))
                .anyMatch(line -> line.startsWith("pipelines.other: "))
                .anyMatch(line -> line.startsWith("pipelines.none: ") && line.contains("nowhere"))
                .hasSize(4);
    }

    @Test
    void goesOnToTheModelsWhereTheConfigurationIsWrong() throws Exception {
        var config = configuration("http: {port: 70000, hots: x}\n");
        assertThat(check(config, "--set", "models.workers=none", "--json")).isEqualTo(2);
        var told = new JsonObject(out.toString());
        assertThat(told.getBoolean("ok")).isFalse();
        assertThat(problems(told, "configuration"))
                .containsExactly(
                        config + ": http.port: 70000 is not allowed, expected an integer from 0 to 65535",
                        "command line: models.workers: \"none\" is not allowed, expected an integer from 0 to 1024",
                        config + ": http.hots: unknown setting");
        assertThat(problems(told, "model")).hasSize(2);
        assertThat(told.getInteger("models")).isEqualTo(1);
    }

    @Test
    void namesFilesOfKeysAndCertificatesThatCannotBeUsed() throws Exception {
        delete("torn", "named");
        Files.writeString(folder.resolve("keys.yaml"), "- id: x\n");
        var config = configuration("access: {keys: keys.yaml}\nhttp: {tls: {certificate: none.pem, key: none.pem}}\n");
        assertThat(check(config)).isEqualTo(1);
        assertThat(err.toString().lines())
                .anyMatch(line -> line.startsWith("access: ") && line.contains("keys.yaml"))
                .anyMatch(line -> line.startsWith("http.tls: ") && line.contains("none.pem"))
                .hasSize(2);
    }

    @Test
    void aRepositoryThatIsNotThereIsAProblem() throws Exception {
        var config = configuration("");
        assertThat(check(config, "--set", "models.repository=" + folder.resolve("nowhere")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("nowhere is not there", "models.repository");
    }

    @Test
    void aFileThatIsNoYamlIsTheOnlyProblem() throws Exception {
        var config = Files.writeString(folder.resolve("augur.yaml"), "a: [");
        assertThat(check(config)).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("not valid YAML");
    }

    @Test
    void completesItsCommandsInAShell() throws Exception {
        int code =
                new CommandLine(Augur.class).setOut(new PrintWriter(out, true)).execute("generate-completion");
        assertThat(code).isZero();
        var script = Files.writeString(folder.resolve("completion"), out.toString());
        var shell = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$1\" && COMP_WORDS=(run.sh che) COMP_CWORD=1 && _complete_run && echo ${COMPREPLY[*]}",
                        "bash",
                        script.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD) // it is no shell that a person types into
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes()).strip()).isEqualTo("check");
        assertThat(shell.waitFor()).isZero();
    }

    private static List<String> problems(JsonObject told, String part) {
        JsonArray all = told.getJsonArray("problems");
        return all.stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("part").equals(part))
                .map(each -> each.getString("problem"))
                .toList();
    }

    private void delete(String... models) throws Exception {
        for (String model : models) {
            try (Stream<Path> files = Files.walk(folder.resolve("models").resolve(model))) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
