package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainTest {
    @TempDir
    Path directory;

    @Test
    void eachLineIsHashedAndNamesTheOneBeforeOverSegmentsAndRestarts() throws Exception {
        written(directory, 10);
        try (var ledger = open(directory)) {
            append(ledger, "more");
        }
        assertThat(folder(directory).segments()).hasSizeGreaterThan(2);
        String before = "0".repeat(64);
        for (Path segment : folder(directory).segments()) {
            for (String line : Files.readAllLines(segment)) {
                var covered = line.substring(0, line.lastIndexOf(",\"hash\":\""));
                var digest = MessageDigest.getInstance("SHA-256").digest(covered.getBytes(StandardCharsets.UTF_8));
                assertThat(line)
                        .endsWith(",\"prev\":\"" + before + "\",\"hash\":\""
                                + HexFormat.of().formatHex(digest) + "\"}");
                before = HexFormat.of().formatHex(digest);
            }
        }
        assertThat(LedgerCheck.of(folder(directory)).lastHash()).isEqualTo(before);
    }

    @Test
    void ordinaryToolsComputeTheHash() throws Exception {
        var segment = written(directory, 3).segments().get(0);
        var tools = new ProcessBuilder(
                        "bash",
                        "-c",
                        "sed -n 2p \"$0\" | sed 's/,\"hash\":\"[0-9a-f]*\"}$//' | tr -d '\\n' | sha256sum",
                        segment.toString())
                .start();
        String sum = new String(tools.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, 64);
        assertThat(TestServer.records(directory).get(1).getString("hash")).isEqualTo(sum);
    }

    @Test
    void keepsTheRecordAsItIs() throws IOException {
        var line = TestServer.records(written(directory, 1).path()).get(0);
        assertThat(line.fieldNames())
                .containsExactly("writer_id", "seq", "record_id", "received_at", "text", "prev", "hash");
        assertThat(line.getString("text")).isEqualTo("grün €");
    }

    @Test
    void aLongLineIsWrittenAndReadWhole() throws IOException {
        var json = ("{\"record_id\":\"long\",\"x\":\"" + "y".repeat(3 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);
        try (var ledger = open(directory)) {
            append(ledger, "a");
            assertThat(ledger.append(List.of(new LedgerEntry("long", json)))).hasSize(1);
            append(ledger, "b");
        }
        assertThat(LedgerFiles.ids(directory)).containsExactly("a", "long", "b");
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
    }

    @Test
    void aLineBeyondTheLimitDoesNotFit() throws IOException {
        var json = new byte[LineFormat.MAX_LINE_BYTES];
        json[0] = '{';
        json[json.length - 1] = '}';
        try (var ledger = open(directory)) {
            assertThat(ledger.fits(new LedgerEntry("big", json))).isFalse();
            assertThat(ledger.fits(LedgerFiles.entry("a"))).isTrue();
        }
        assertThatThrownBy(() -> new LedgerEntry("none", "{}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
