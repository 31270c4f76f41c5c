package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.model.Model;
import dev.augur.model.ModelLoadException;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose files are symbolic links, as model hubs keep them; with and without an optional input. */
class LinkedFilesTest {
    private static final Path REPOSITORY = Path.of("src", "test", "resources", "repository");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"external_data", "default_and_external"})
    void everyFileMayBeALinkIntoOneStore(String name) throws Exception {
        var version = Files.createDirectories(folder.resolve("models/m/1"));
        var store = Files.createDirectories(folder.resolve("blobs"));
        for (Path file : files(name)) {
            var blob = Files.copy(file, store.resolve("sha256-" + Integer.toHexString(file.hashCode())));
            Files.createSymbolicLink(version.resolve(file.getFileName().toString()), version.relativize(blob));
        }
        answers(version, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"external_data", "default_and_external"})
    void everyFileMayLieInAFolderOfItsOwn(String name) throws Exception {
        var version = Files.createDirectories(folder.resolve("models/m/1"));
        for (Path file : files(name)) {
            var own = Files.createTempDirectory(folder, "volume");
            var blob = Files.copy(file, own.resolve("data"));
            var between = Files.createSymbolicLink(own.resolve("link"), blob);
            Files.createSymbolicLink(version.resolve(file.getFileName().toString()), between);
        }
        answers(version, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"external_data", "default_and_external"})
    void weightsAloneMayBeALink(String name) throws Exception {
        var version = Files.createDirectories(folder.resolve("models/m/1"));
        var elsewhere = Files.createDirectories(folder.resolve("large"));
        for (Path file : files(name)) {
            var there = file.endsWith("model.onnx") ? version : elsewhere;
            var copy = Files.copy(file, there.resolve(file.getFileName().toString()));
            if (!there.equals(version)) {
                Files.createSymbolicLink(version.resolve(file.getFileName().toString()), copy);
            }
        }
        answers(version, name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"external_data", "default_and_external"})
    void theFolderMayBeALink(String name) throws Exception {
        var real = Files.createDirectories(folder.resolve("real"));
        for (Path file : files(name)) {
            Files.copy(file, real.resolve(file.getFileName().toString()));
        }
        answers(Files.createSymbolicLink(folder.resolve("version"), real), name);
    }

    @Test
    void aLinkToNothingIsRefused() throws Exception {
        var version = Files.createDirectories(folder.resolve("m"));
        for (Path file : files("default_and_external")) {
            if (file.endsWith("model.onnx")) {
                Files.copy(file, version.resolve("model.onnx"));
            } else {
                Files.createSymbolicLink(version.resolve(file.getFileName().toString()), folder.resolve("nothing"));
            }
        }
        assertThatThrownBy(() -> load(version))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageNotContaining(folder.toString());
    }

    @Test
    void aPlaceOutsideTheFolderIsRefusedStill() {
        assertThatThrownBy(() -> load(REPOSITORY.resolve("broken_external_data_escape/1")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("escapes model directory");
    }

    private static List<Path> files(String name) throws IOException {
        try (var files = Files.list(REPOSITORY.resolve(name + "/1"))) {
            return files.toList();
        }
    }

    private static void answers(Path version, String name) throws Exception {
        try (Model model = load(version)) {
            var data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            data.putFloat(1).putFloat(10).flip();
            var x = new Tensor("x", DataType.FP32, Shape.of(1, 2), data);
            var y = model.predict(List.of(x), List.of("y"), new Run()).get(0).elements();
            boolean optional = name.startsWith("default");
            assertThat(model.metadata().inputs()).hasSize(optional ? 2 : 1);
            assertThat(y.getFloat()).isEqualTo(optional ? 3.5f : 3);
            assertThat(y.getFloat()).isEqualTo(optional ? -19 : -20);
        }
    }

    private static Model load(Path directory) throws Exception {
        return new OnnxModelLoader().load(new ModelSource("linked", "1", directory, 1));
    }
}
