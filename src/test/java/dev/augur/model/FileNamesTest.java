package dev.augur.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of models that are no plain ASCII, names that cannot be, and links that are turned. */
class FileNamesTest {
    @TempDir
    Path root;

    @Test
    void readsAnyNameAndRefusesWhatNoFileCanHave() throws Exception {
        Files.createDirectories(root.resolve("gr\u00f6\u00dfe + %41/1"));
        var repository = new ModelRepository(root);
        assertThat(repository.names()).containsExactly("gr\u00f6\u00dfe + %41");
        assertThat(repository.versions("gr\u00f6\u00dfe + %41")).containsExactly("1");
        for (String name : new String[] {"a\0b", "..", "gr\u00f6\u00dfe + %41/1", ""}) {
            assertThat(repository.versions(name)).isEmpty();
            assertThat(repository.refused(name)).isEmpty();
        }
    }

    @Test
    void aLinkThatIsTurnedToAFileOfTheSameSizeAndTimeIsAChange() throws Exception {
        var one = file("one");
        var other = file("other");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(one));
        var link = Files.createDirectories(root.resolve("models/iris/1")).resolve("model.onnx");
        var repository = new ModelRepository(root.resolve("models"));

        Files.createSymbolicLink(link, one);
        String before = repository.fingerprint("iris");
        assertThat(repository.fingerprint("iris")).isEqualTo(before);
        Files.delete(link);
        Files.createSymbolicLink(link, other);

        assertThat(repository.fingerprint("iris")).isNotEqualTo(before);
    }

    private Path file(String name) throws IOException {
        return Files.writeString(root.resolve(name), "same");
    }
}
