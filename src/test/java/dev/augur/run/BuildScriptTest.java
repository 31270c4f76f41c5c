package dev.augur.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run.sh} asks of Maven, told by a Maven that only notes it. */
class BuildScriptTest {
    private static final String LENIENT = "-Dspotless.check.skip=true";

    @TempDir
    private Path project;

    @BeforeEach
    void copy() throws Exception {
        for (String file : List.of("run.sh", ".ci/run")) {
            Files.createDirectories(project.resolve(file).getParent());
            Files.copy(Path.of(file), project.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.createDirectories(project.resolve("src/main"));
        Files.createFile(project.resolve("pom.xml"));
        var maven = Files.createDirectory(project.resolve("bin")).resolve("mvn");
        Files.writeString(
                maven,
                "#!/bin/sh\necho \"$@\" >> \"" + project + "/asked\"\n[ \"$2\" = verify ] || [ \"$3\" = -Pbench ]\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void servingAsksForNoFormatAndSaysThatTheBuildFailed() throws Exception {
        try (var augur = run("run.sh")) {
            assertThat(augur.exitCode()).isEqualTo(1);
            assertThat(augur.err()).containsExactly("building", "run.sh: the build failed");
        }
        assertThat(asked()).singleElement().asString().contains(" package ").contains(LENIENT);
    }

    @Test
    void continuousIntegrationIsTheCommandForTestsAlone() throws Exception {
        try (var script = run("run.sh", "test")) {
            assertThat(script.exitCode()).isZero();
        }
        var tests = asked();
        assertThat(tests).first().isEqualTo("-B verify");
        assertThat(tests).noneMatch(line -> line.contains(LENIENT));
        Files.delete(project.resolve("asked"));
        try (var script = run(".ci/run")) {
            assertThat(script.exitCode()).isZero();
        }
        assertThat(asked()).isEqualTo(tests);
    }

    private AugurProcess run(String script, String... arguments) throws IOException {
        var path = Map.of("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
        return AugurProcess.launch(
                path,
                Stream.concat(Stream.of(project.resolve(script).toString()), Stream.of(arguments))
                        .toList());
    }

    private List<String> asked() throws IOException {
        return Files.readAllLines(project.resolve("asked"));
    }
}
