package dev.augur.predictionlog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionLibraryTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd", "snappy", "lz4"})
    void leavesNothing(String type) throws Exception {
        var before = libraries();
        CompressionLibrary.load(type);
        assertThat(libraries()).isSubsetOf(before);
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches("(libzstd|snappy|liblz4).*"))
                    .toList();
        }
    }
}
