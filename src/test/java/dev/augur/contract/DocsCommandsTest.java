package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.Markdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages say to type is typed, and answered as they say: README with its walk-throughs, and every page of
 * {@code src/docs}.
 */
class DocsCommandsTest {
    @ParameterizedTest
    @MethodSource("pages")
    void theCommandsWorkAsThePageSays(Path file, @TempDir Path folder) throws Exception {
        try (var reader = new PageReader(folder)) {
            assertThat(reader.follow(Markdown.read(file))).isPositive();
        }
    }

    static List<Path> pages() throws IOException {
        return Markdown.all().stream()
                .filter(page -> page.blocks().stream()
                        .anyMatch(block -> block.language().equals("sh")))
                .map(Markdown::file)
                .toList();
    }

    @Test
    void aCommandMayHaveSeveralLinesAndAnAnswer() {
        assertThat(ShellCommand.in(
                        "# first\ncurl a -d '\n  {}'\n# {\"x\":\n#  1}\ncat <<'END'\na\nEND\njava X\n# prints y"))
                .containsExactly(
                        new ShellCommand("curl a -d '\n  {}'", "{\"x\": 1}"),
                        new ShellCommand("cat <<'END'\na\nEND", ""),
                        new ShellCommand("java X", "y"));
    }
}
