package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which model files are changed before they are loaded, and how. */
class ChangedFileTest {
    private static final int FLOAT = 1;

    @TempDir
    Path folder;

    @Test
    void takesDefaultsOutOfTheGraphAndLeavesTheRest() throws Exception {
        var changed = ChangedFile.of(file(model(8, graph(constant("w", 8), constant("a", 4), constant("b", 0)))))
                .orElseThrow();
        assertThat(changed.defaults()).containsOnlyKeys("a", "b");
        assertThat(changed.defaults().values().stream().map(Tensor::count)).containsExactly(4, 0);
        assertThat(changed.bytes()).isEqualTo(model(8, graph(constant("w", 8))).bytes());
    }

    @Test
    void leavesFilesAloneThatPredateDefaults() throws Exception {
        assertThat(ChangedFile.of(file(model(3, graph(constant("a", 4)))))).isEmpty();
        assertThat(ChangedFile.of(file(model(4, graph(constant("a", 4)))))).isPresent();
    }

    @Test
    void leavesLargeConstantsInTheGraph() throws Exception {
        var changed = ChangedFile.of(file(model(8, graph(constant("a", 100_000), constant("b", 1)))))
                .orElseThrow();
        assertThat(changed.defaults()).containsOnlyKeys("b");
    }

    @Test
    void leavesGraphsAloneThatListTheirWeightsAsInputs() throws Exception {
        var graph = new Message();
        for (int i = 0; i < 65; i++) {
            graph.message(5, constant("w" + i, 1)).message(11, new Message().text(1, "w" + i));
        }
        assertThat(ChangedFile.of(file(model(8, graph)))).isEmpty();
    }

    @Test
    void leavesFilesAloneThatAreNoModels() throws Exception {
        var twice = model(8, graph(constant("a", 4))).message(7, graph());
        assertThat(ChangedFile.of(file(twice))).isEmpty();
        assertThat(ChangedFile.of(folder.resolve("nothing"))).isEmpty();
        assertThat(ChangedFile.of(folder)).isEmpty();
        // all but its last field, which is empty and may be missing
        byte[] whole = model(8, graph(constant("a", 4))).bytes();
        for (int length = 0; length < whole.length - 2; length++) {
            Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
            assertThat(ChangedFile.of(folder.resolve("cut")))
                    .as("cut at %d", length)
                    .isEmpty();
        }
    }

    static Stream<Path> models() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "resources", "repository"))) {
            return files
                    .filter(file -> file.endsWith("model.onnx")
                            && !file.toString().matches(".*(default_|zipmap|wine_strings).*"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void leavesModelsAloneThatHaveNoDefaultsAndNoMaps(Path file) {
        assertThat(ChangedFile.of(file)).isEmpty();
    }

    private Path file(Message model) throws IOException {
        return Files.write(folder.resolve("model.onnx"), model.bytes());
    }

    private static Message model(int irVersion, Message graph) {
        return new Message()
                .number(1, irVersion)
                .text(2, "by hand")
                .message(7, graph)
                .message(8, new Message());
    }

    /** A graph that has inputs x, a and b. */
    private static Message graph(Message... constants) {
        var graph = new Message().text(2, "graph");
        for (Message constant : constants) {
            graph.message(5, constant);
        }
        for (String input : new String[] {"x", "a", "b"}) {
            graph.message(11, new Message().text(1, input));
        }
        return graph;
    }

    private static Message constant(String name, int floats) {
        return new Message().number(1, floats).number(2, FLOAT).text(8, name).text(9, "\0".repeat(4 * floats));
    }
}
