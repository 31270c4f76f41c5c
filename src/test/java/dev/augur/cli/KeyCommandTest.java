package dev.augur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.KeyFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KeyCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new ArrayList<>(List.of("key"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--file", folder.resolve("keys.yaml").toString()));
        return new CommandLine(Augur.class)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void makesListsAndRevokes() throws Exception {
        assertThat(run("create", "--name", "shop", "--scopes", "predict:wine,read", "--expires", "90d"))
                .isZero();
        String key = out.toString().strip();
        assertThat(key).matches("augur_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}");
        String id = key.substring(6, 14);
        assertThat(run("list")).isZero();
        assertThat(out.toString()).matches(id + "  shop  read,predict:wine  until 20.*Z\\R");
        assertThat(run("revoke", id)).isZero();
        assertThat(run("revoke", id)).isEqualTo(1);
        assertThat(err.toString()).contains("holds no key \"" + id + "\"");
        assertThat(new KeyFile(folder.resolve("keys.yaml")).list()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            shop  | predicts | 90d        | --scopes: "predicts" is not allowed, expected predict
            a b   | predict  | 90d        | "a b" is not allowed as a name
            shop  | predict  | 2020-01-31T12:00:00Z | expected days such as 90d, or a time to come
            shop  | predict  | soon       | expected days such as 90d
            """)
    void saysWhatIsWrong(String name, String scopes, String expires, String expected) {
        assertThat(run("create", "--name", name, "--scopes", scopes, "--expires", expires))
                .isEqualTo(2);
        assertThat(err.toString()).contains(expected);
        assertThat(folder.resolve("keys.yaml")).doesNotExist();
    }

    @Test
    void namesAFileThatIsNotThereOrIsBroken() throws Exception {
        assertThat(run("list")).isEqualTo(1);
        assertThat(err.toString()).contains("keys.yaml: is not there; ./run.sh key create makes it");
        Files.writeString(folder.resolve("keys.yaml"), "a: b\n");
        assertThat(run("list")).isEqualTo(1);
        assertThat(err.toString()).contains("expected a list");
    }
}
