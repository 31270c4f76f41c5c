package dev.augur.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRepositoryFilesTest {
    @TempDir
    Path folder;

    @Test
    void seesChangesBehindSymbolicLinks() throws IOException {
        var root = Files.createDirectory(folder.resolve("repository"));
        var version = Files.createDirectories(folder.resolve("elsewhere/1"));
        Files.writeString(version.resolve("model.onnx"), "a");
        Files.createSymbolicLink(root.resolve("linked"), version.getParent());
        var repository = new ModelRepository(root);

        String before = repository.fingerprint("linked");
        Files.writeString(version.resolve("model.onnx"), "longer");

        assertThat(before).contains("model.onnx");
        assertThat(repository.fingerprint("linked")).isNotEqualTo(before);
    }
}
