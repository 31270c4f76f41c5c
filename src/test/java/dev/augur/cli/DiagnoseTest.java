package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./run.sh diagnose}, of the JVM that this test is in. */
class DiagnoseTest {
    private static final String SECRET = "hunter2";

    @TempDir
    private Path folder;

    @Test
    void putsAllIntoOneFileAndNoSecret() throws Exception {
        var config = Files.writeString(
                folder.resolve("augur.yaml"),
                """
                data: {directory: data}
                models: {repository: models}
                access: {jwt: {jwks: "https://user:hunter2@keys.example/set?token=hunter2", issuer: a, audience: b}}
                feature-stores:
                  tables: {kind: postgres, query: select, user: u, password: hunter2}
                  calls: {kind: http, url: "https://u:hunter2@x.example/{id}?key=hunter2", headers: {X: hunter2}}
                prediction-log: {kafka: {enabled: false, properties: {sasl.jaas.config: hunter2}}}
                """);
        Files.createDirectories(folder.resolve("data/predictions"));
        System.setProperty("a.test", SECRET);
        var file = folder.resolve("out.zip");
        int code = new CommandLine(Augur.class)
                .execute(
                        "diagnose",
                        "--config=" + config,
                        "--set=prediction-log.postgres.password=" + SECRET,
                        "--pid=" + ProcessHandle.current().pid(),
                        "--seconds=1",
                        "--output=" + file);
        System.clearProperty("a.test");
        assertThat(code).isZero();
        var parts = parts(file);
        assertThat(parts)
                .containsOnlyKeys("versions.txt", "settings.txt", "log.txt", "threads.txt", "jvm.txt", "recording.jfr");
        parts.forEach((name, text) -> assertThat(text)
                .as(name)
                .isNotEmpty()
                .doesNotStartWith("cannot be had")
                .doesNotContain(SECRET));
        assertThat(parts.get("settings.txt"))
                .contains("feature-stores.tables.password: (hidden)\n")
                .contains("feature-stores.calls.headers.X: (hidden)\n")
                .contains("feature-stores.calls.url: https://(hidden)@x.example/{id}?key=(hidden)\n")
                .contains("prediction-log.postgres.password: (hidden) from command line\n")
                .contains("data.directory: data\n");
        assertThat(parts.get("log.txt")).contains("OK: 0 records");
        assertThat(parts.get("threads.txt")).contains("\"main\"");
        assertThat(parts.get("recording.jfr")).startsWith("FLR").contains("jdk.ExecutionSample");
    }

    private static TreeMap<String, String> parts(Path file) throws Exception {
        var parts = new TreeMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList()) {
                parts.put(
                        entry.getName(),
                        new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return parts;
    }
}
