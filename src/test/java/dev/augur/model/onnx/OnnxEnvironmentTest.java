package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.model.ModelSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The start of ONNX Runtime in a process of its own. */
class OnnxEnvironmentTest {
    @Test
    void aLongCommandLineDoesNotEndTheProcess() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Load.class.getName(),
                        "an-argument-".repeat(8_000)))
                .redirectErrorStream(true);
        process.environment().remove("ORT_DISABLE_TELEMETRY");
        var running = process.start();
        try {
            var printed = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(running.exitValue()).as(printed).isZero();
            assertThat(printed).contains("loaded doubler");
        } finally {
            running.destroyForcibly();
        }
    }

    /** Loads a model. */
    static final class Load {
        private Load() {}

        public static void main(String[] arguments) throws Exception {
            var directory = Path.of("src", "test", "resources", "repository", "doubler", "1");
            try (var model = new OnnxModelLoader().load(new ModelSource("doubler", "1", directory, 1))) {
                System.out.println("loaded " + model.metadata().name());
            }
        }
    }
}
