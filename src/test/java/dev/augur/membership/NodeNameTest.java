package dev.augur.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeNameTest {
    @TempDir
    Path directory;

    @Test
    void staysTheSameOverRestarts() {
        var first = NodeName.claim(directory.resolve("data"), true);
        first.release();
        var again = NodeName.claim(directory.resolve("data"), true);
        assertThat(again.text()).isEqualTo(first.text()).matches("node-[0-9a-f]{8}");
        again.release();
    }

    @Test
    void isAnotherWhileTheDirectoryIsInUse() {
        var first = NodeName.claim(directory, true);
        var second = NodeName.claim(directory, true);
        assertThat(second.text()).isNotEqualTo(first.text());
        second.release();
        first.release();
        var third = NodeName.claim(directory, true);
        assertThat(third.text()).isEqualTo(first.text());
        third.release();
    }

    @Test
    void isMadeAnewWhereTheFileHoldsNone() throws Exception {
        Files.writeString(directory.resolve("node"), "x".repeat(1_000));
        var made = NodeName.claim(directory, true);
        made.release();
        assertThat(made.text()).matches("node-[0-9a-f]{8}");
        assertThat(Files.readString(directory.resolve("node"))).isEqualTo(made.text() + "\n");
    }

    @Test
    void isOfThisStartAloneWhereNothingCanBeWritten() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "no directory");
        assertThat(NodeName.claim(file.resolve("data"), true).text()).matches("node-[0-9a-f]{8}");
    }
}
