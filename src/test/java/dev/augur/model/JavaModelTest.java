package dev.augur.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Markdown;
import dev.augur.testkit.TestServer;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models in Java: the doubler that comes with the server, and the README's example, compiled and put into a jar as it
 * says.
 */
class JavaModelTest {
    private static final String SERVICE = "META-INF/services/dev.augur.model.ModelLoader";
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"%s\",\"shape\":[2,1],\"datatype\":\"FP64\",\"data\":[%s]}]}";

    @TempDir
    Path repository;

    @Test
    void theTutorialsDoublerIsAModelInJava() throws Exception {
        try (var server = TestServer.start()) {
            var answer = server.post("/v2/models/doubler/infer", ROW.formatted("feature_value", "21,0.5"));
            assertThat(answer.body()).contains("\"data\":[42.0,1.0]");
            assertThat(server.get("/v2/models/doubler").body()).contains("\"platform\":\"augur_java\"");
        }
    }

    @Test
    void theReadmesExampleIsServedFromItsJarAndLoadedAgain() throws Exception {
        var version = Files.createDirectories(repository.resolve("celsius/1"));
        jar(version.resolve("model.jar"), compiled(example()), "Celsius");
        try (var server = TestServer.start("models.repository=" + repository)) {
            var request = ROW.formatted("fahrenheit", "32,212");
            assertThat(server.post("/v2/models/celsius/infer", request).body()).contains("\"data\":[0.0,100.0]");

            jar(version.resolve("model.jar"), compiled(example().replace("- 32", "- 31")), "Celsius");
            assertThat(server.post("/v2/repository/models/celsius/load", "").statusCode())
                    .isEqualTo(200);
            assertThat(server.post("/v2/models/celsius/infer", request).body())
                    .contains("\"data\":[0.5555555555555556,");
        }
    }

    @Test
    void aJarThatCannotBeUsedIsNamedWithTheReason() throws Exception {
        Files.writeString(Files.createDirectories(repository.resolve("text/1")).resolve("model.jar"), "no jar");
        jar(Files.createDirectories(repository.resolve("wrong/1")).resolve("model.jar"), compiled(example()), "Other");
        jar(Files.createDirectories(repository.resolve("none/1")).resolve("model.jar"), compiled(example()), "");
        Files.createDirectories(repository.resolve("empty/1"));
        try (var server = TestServer.start("models.repository=" + repository)) {
            var index = server.post("/v2/repository/index", "").body();
            assertThat(index)
                    .contains("names no dev.augur.model.ModelLoader in META-INF/services")
                    .contains("Provider Other not found")
                    .contains("there is neither a model.onnx nor a model.jar in its folder")
                    .doesNotContain("READY");
            assertThat(server.post("/v2/models/text/infer", ROW.formatted("fahrenheit", "1,2"))
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    private static String example() throws Exception {
        return Markdown.read(Path.of("README.md")).blocks().stream()
                .map(Markdown.Block::text)
                .filter(text -> text.contains("class Celsius"))
                .findFirst()
                .orElseThrow();
    }

    private static Path compiled(String source) throws Exception {
        var classes = Files.createTempDirectory("augur-classes");
        var file = Files.writeString(classes.resolve("Celsius.java"), source);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", "target/classes", "-d", classes.toString(), file.toString());
        assertThat(status).as("the README's example compiles").isZero();
        return classes;
    }

    private static void jar(Path jar, Path classes, String loader) throws Exception {
        try (OutputStream out = Files.newOutputStream(jar);
                var entries = new JarOutputStream(out);
                Stream<Path> files = Files.list(classes)) {
            entries.putNextEntry(new JarEntry(SERVICE));
            entries.write(loader.getBytes(StandardCharsets.UTF_8));
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                entries.putNextEntry(new JarEntry(String.valueOf(file.getFileName())));
                entries.write(Files.readAllBytes(file));
            }
        }
    }
}
