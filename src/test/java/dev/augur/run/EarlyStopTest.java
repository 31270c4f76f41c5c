package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A signal before anything is served: the end is the same as later. The moments are told by the JVM's log of
 * initialized classes.
 */
class EarlyStopTest {
    /** The first thing after the signals are taken, where there are flags. */
    private static final String FIRST = "picocli/CommandLine";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                FIRST,
                "dev/augur/config/ConfigLoader",
                "dev/augur/cli/Rehearsal",
                "dev/augur/http/RouterVerticle",
                "dev/augur/cli/NativeTransport"
            })
    void endsInOrderAtAnyMomentOfTheStart(String initialized) throws Exception {
        try (var augur = AugurProcess.launch(variables(), "--set", "shutdown.pause=0")) {
            awaitClass(initialized);
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.out()).endsWith("stopping", "stopped");
            assertThat(augur.err()).noneMatch(line -> line.contains(" ERROR ") || line.startsWith("not "));
        }
        assertThat(temporary()).isEmptyDirectory();
    }

    @Test
    void aSecondSignalEndsAtOnceAlsoThen() throws Exception {
        try (var augur = AugurProcess.launch(variables(), "--set", "shutdown.pause=0")) {
            awaitClass(FIRST);
            augur.signal("INT");
            augur.signal("TERM");
            // Each signal has a thread of its own, so either may be the second one, whose number it is.
            assertThat(augur.exitCode()).isIn(0, 128 + 15, 128 + 2);
            assertThat(augur.out()).contains("stopping");
        }
    }

    /** Who asked whether the log is whole must not take the end of the question for a yes. */
    @Test
    void aCheckThatIsBrokenOffIsNoSuccess() throws Exception {
        try (var augur = AugurProcess.launch(variables(), "verify-log")) {
            awaitClass(FIRST);
            augur.signal("INT");
            assertThat(augur.exitCode()).isEqualTo(128 + 2);
        }
    }

    @Test
    void endsWhileTheArchiveOfClassesIsMade() throws Exception {
        var script =
                """
                mkdir -p "$1/target" && cp run.sh "$1" && ln -s "$PWD/conf" "$1" && ln -s "$PWD/target/lib" "$PWD/target/augur.jar" "$1/target"
                exec "$1/run.sh"
                """;
        var command = List.of("bash", "-c", script, "bash", folder.toString());
        try (var augur = AugurProcess.launch(Map.of(), command)) {
            eventually(() -> rehearsals(augur).findAny().isPresent());
            var rehearsal = rehearsals(augur).findAny().orElseThrow();
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
            assertThat(augur.out()).containsExactly("stopped");
            eventually(() -> !rehearsal.isAlive());
            try (var files = Files.list(folder.resolve("target"))) {
                assertThat(files).hasSize(2);
            }
        }
    }

    private static Stream<ProcessHandle> rehearsals(AugurProcess augur) {
        return ProcessHandle.of(augur.pid()).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.info().commandLine().orElse("").endsWith(" --rehearse"));
    }

    private void awaitClass(String name) throws Exception {
        eventually(() -> Files.exists(log()) && Files.readString(log()).contains(" Initializing '" + name + "'"));
    }

    private Path temporary() throws IOException {
        return Files.createDirectories(folder.resolve("temporary"));
    }

    private Map<String, String> variables() throws IOException {
        return Map.of(
                "TMPDIR",
                temporary().toString(),
                "AUGUR_HTTP_PORT",
                "0",
                "AUGUR_DATA_DIRECTORY",
                folder.resolve("data").toString(),
                "JAVA_OPTS",
                "-Xlog:class+init=info:file=" + log());
    }

    private Path log() {
        return folder.resolve("classes.log");
    }
}
