package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.WriterFolder;
import dev.augur.testkit.AugurProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./run.sh verify-log} and {@code --repair}, as an operator uses them. */
class VerifyLogTest {
    private static final String DOUBLED =
            "{\"inputs\":[{\"name\":\"feature_value\",\"shape\":[1,1],\"datatype\":\"FP64\",\"data\":[1.5]}]}";

    @TempDir
    Path data;

    @Test
    void checksALedgerWhileItIsWrittenAndAfterwards() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            predict(augur, 20);
            try (var check = verify()) {
                assertThat(check.exitCode()).as(check.err().toString()).isZero();
                assertThat(check.out().get(0)).matches("writer-.*: seq 1 to 20, 20 records, .* last hash [0-9a-f]{64}");
                assertThat(check.out().get(1)).matches("OK: 20 records, .* of 1 writers in .* MB/s");
            }
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
        Files.writeString(segment(), "{\"half", StandardOpenOption.APPEND);
        try (var check = AugurProcess.launch(
                Map.of(), "verify-log", segment().getParent().toString())) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.out().get(1)).startsWith("  6 bytes of a line");
        }
    }

    @Test
    void namesTheFaultRefusesToStartAndGoesOnAfterARepair() throws Exception {
        try (var augur = AugurProcess.start(variables())) {
            predict(augur, 5);
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
        var segment = segment();
        Files.writeString(segment, Files.readString(segment).replaceFirst("\"seq\":3,\"schema", "\"seq\":3,\"schemb"));
        String fault = segment + ": line 3 was altered: seq 3 does not match its hash";
        try (var check = verify()) {
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.err()).containsExactly("FAULT " + fault);
            assertThat(check.out()).last().asString().startsWith("FAULTY: ");
        }
        try (var refused = AugurProcess.launch(variables())) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .containsExactly("cannot start: the prediction log is damaged: " + fault
                            + "; --repair sets what is damaged aside and goes on");
        }
        try (var repaired = AugurProcess.start(variables(), "--repair")) {
            assertThat(repaired.err()).anyMatch(line -> line.contains("taken apart: ") && line.contains(fault));
            predict(repaired, 2);
            repaired.signal("TERM");
            assertThat(repaired.exitCode()).isZero();
        }
        try (var check = verify()) {
            assertThat(check.exitCode()).isEqualTo(3);
            assertThat(check.out().get(0)).contains("seq 1 to 7, 6 records");
            assertThat(check.out().get(1)).startsWith("  gap: seq 3 is missing, noted at ");
            assertThat(check.out().get(2)).startsWith("  set aside: damaged/");
            assertThat(check.out()).last().asString().startsWith("GAPS: 6 records");
        }
    }

    /** What the check knows by name, as an operator is told it; all of it is in {@code DamageTest}. */
    @Test
    void namesWhatIsMissingOrOutOfPlace() throws Exception {
        var variables = new HashMap<>(variables());
        variables.put("AUGUR_PREDICTION_LOG_SEGMENT_SIZE", "1KiB");
        try (var augur = AugurProcess.start(variables)) {
            for (int i = 0; i < 3; i++) {
                predict(augur, 4); // more than a segment, and at least two lines of each
            }
            augur.signal("TERM");
            assertThat(augur.exitCode()).isZero();
        }
        var segments = WriterFolder.in(data.resolve("predictions")).get(0).segments();
        var second = segments.get(1);
        var lines = Files.readAllLines(second);
        long seq = new JsonObject(lines.get(0)).getLong("seq");
        var outOfPlace =
                second + ": line 1 is out of place: seq " + (seq + 1) + " stands where " + seq + " was expected";
        Files.write(second, lines.subList(1, lines.size()));
        assertThat(fault()).startsWith("FAULT " + outOfPlace);
        var swapped = new ArrayList<>(lines);
        Collections.swap(swapped, 0, 1);
        Files.write(second, swapped);
        assertThat(fault()).startsWith("FAULT " + outOfPlace);
        Files.delete(second);
        assertThat(fault())
                .startsWith("FAULT " + segments.get(2) + ": line 1 does not follow seq " + (seq - 1) + ": seq " + seq
                        + " to ");
    }

    private String fault() throws Exception {
        try (var check = verify()) {
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.err()).hasSize(1);
            return check.err().get(0);
        }
    }

    @Test
    void saysThatAFolderIsNone() throws Exception {
        try (var check =
                AugurProcess.launch(Map.of(), "verify-log", data.resolve("none").toString())) {
            assertThat(check.exitCode()).isEqualTo(2);
            assertThat(check.err()).containsExactly(data.resolve("none") + ": no such folder");
        }
        try (var check = AugurProcess.launch(Map.of(), "verify-log", data.toString())) {
            assertThat(check.exitCode()).isEqualTo(2);
            assertThat(check.err())
                    .singleElement()
                    .asString()
                    .startsWith(data + ": holds no record; expected is the folder predictions in data.directory");
        }
        try (var check = AugurProcess.launch(Map.of(), "verify-log", "--allow-empty", data.toString())) {
            assertThat(check.exitCode()).isZero();
        }
        try (var check = AugurProcess.launch(Map.of(), "verify-log", "--fast")) {
            assertThat(check.exitCode()).isEqualTo(2);
        }
    }

    private static void predict(AugurProcess augur, int count) throws Exception {
        double before = stored(augur);
        var answers = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < count; i++) {
            answers.add(augur.post("/v2/models/doubler/infer", DOUBLED));
        }
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).join();
        eventually(() -> stored(augur) == before + count);
    }

    private static double stored(AugurProcess augur) throws Exception {
        return augur.meter("augur_prediction_log_records_total{outcome=\"stored\"}");
    }

    private AugurProcess verify() throws IOException {
        return AugurProcess.launch(variables(), "verify-log");
    }

    private Path segment() throws IOException {
        List<Path> segments =
                WriterFolder.in(data.resolve("predictions")).get(0).segments();
        return segments.get(segments.size() - 1);
    }

    private Map<String, String> variables() {
        return Map.of(
                "AUGUR_HTTP_PORT", "0",
                "AUGUR_DATA_DIRECTORY", data.toString(),
                "AUGUR_SHUTDOWN_PAUSE", "0",
                "AUGUR_DEMO_FETCH_DELAY", "0",
                "AUGUR_DEMO_PREDICTION_DELAY", "0",
                "AUGUR_DEMO_LOG_DELAY", "0");
    }
}
