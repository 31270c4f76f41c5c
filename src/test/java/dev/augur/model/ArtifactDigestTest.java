package dev.augur.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactDigestTest {
    private static final String OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

    @TempDir
    Path folder;

    @Test
    void ofOneFileItIsItsOwn() throws IOException {
        Files.writeString(folder.resolve("model.onnx"), "a");
        assertThat(ArtifactDigest.of(folder)).isEqualTo(OF_A);
    }

    @Test
    void ofSeveralItIsThatOfTheirListing() throws Exception {
        Files.createDirectory(folder.resolve("weights"));
        Files.writeString(folder.resolve("weights/w.bin"), "b");
        Files.writeString(folder.resolve("model.onnx"), "a");
        var shell = new ProcessBuilder("sh", "-c", "sha256sum model.onnx weights/w.bin | sha256sum")
                .directory(folder.toFile())
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes())).startsWith(ArtifactDigest.of(folder));
    }

    @Test
    void looksBehindSymbolicLinks() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("real")).resolve("model.onnx"), "a");
        var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        assertThat(ArtifactDigest.of(link)).isEqualTo(OF_A);
    }

    @Test
    void changesWithAnyByteAndAnyName() throws IOException {
        Files.writeString(folder.resolve("a"), "a");
        Files.writeString(folder.resolve("b"), "");
        String before = ArtifactDigest.of(folder);
        Files.move(folder.resolve("b"), folder.resolve("c"));
        String renamed = ArtifactDigest.of(folder);
        Files.writeString(folder.resolve("c"), "x");
        assertThat(before).isNotEqualTo(renamed);
        assertThat(ArtifactDigest.of(folder)).isNotEqualTo(renamed);
    }
}
