package dev.augur.predictionlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.Ledger;
import dev.augur.predictionlog.ledger.LedgerConfig;
import dev.augur.predictionlog.reading.QueryConfig;
import dev.augur.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    static final LedgerConfig CONFIG = new LedgerConfig(false, 1 << 20, LedgerConfig.Retention.ALL, 1 << 20);

    static final QueryConfig QUERY = new QueryConfig(1 << 20, 1_000, 10, 1_000);

    @TempDir
    Path directory;

    @Test
    void writesOneFlatJsonLinePerRecordInOrder() throws IOException {
        try (var ledger = Ledger.open(directory, CONFIG)) {
            append(ledger, "a", "b");
            append(ledger, "c");

            var lines = TestServer.records(directory);
            assertThat(lines).extracting(line -> line.getString("record_id")).containsExactly("a", "b", "c");
            assertThat(lines).extracting(line -> line.getLong("seq")).containsExactly(1L, 2L, 3L);
            assertThat(lines).extracting(line -> line.getString("writer_id")).containsOnly(ledger.writer());
            assertThat(lines.get(0).getInteger("item_id")).isEqualTo(43);
            assertThat(lines.get(0).getInstant("received_at")).isEqualTo(Instant.parse("2026-01-02T03:04:05.000006Z"));
            assertThat(lines.get(0).getJsonObject("outputs").getDouble("prediction"))
                    .isEqualTo(42.0);
            assertThat(lines.get(0).containsKey("error")).isFalse();
        }
    }

    @Test
    void goesOnWhereItEnded() throws IOException {
        write("a", "b");
        write("c");
        assertThat(TestServer.records(directory))
                .extracting(line -> line.getLong("seq"))
                .containsExactly(1L, 2L, 3L);
        assertThat(segments()).hasSize(1);
    }

    @Test
    void cutsOffATornLastLine() throws IOException {
        write("a", "b");
        var segment = segments().get(0);
        Files.writeString(segment, "{\"writer_id\":\"w\",\"seq\":3,\"rec", StandardOpenOption.APPEND);

        write("c");

        assertThat(TestServer.records(directory))
                .extracting(line -> line.getString("record_id"))
                .containsExactly("a", "b", "c");
    }

    @Test
    void storesARecordThatIsSentAgainOnce() throws IOException {
        write("a", "a");
        write("a", "b");
        assertThat(TestServer.records(directory))
                .extracting(line -> line.getString("record_id"))
                .containsExactly("a", "b");
    }

    @Test
    void beginsANewSegmentWhenOneIsFull() throws IOException {
        var small = new LedgerConfig(true, 1_000, LedgerConfig.Retention.ALL, 0);
        try (var ledger = Ledger.open(directory, small)) {
            for (int i = 0; i < 20; i++) {
                append(ledger, "r" + i);
            }
        }
        try (var ledger = Ledger.open(directory, small)) {
            append(ledger, "last");
        }
        assertThat(segments()).hasSizeGreaterThan(3);
        assertThat(segments().get(0).getFileName()).hasToString("00000000000000000001.ndjson");
        assertThat(TestServer.records(directory))
                .extracting(line -> line.getLong("seq"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 21).mapToObj(Long::valueOf).toList());
    }

    @Test
    void givesEachProcessOnOneDirectoryAFolderOfItsOwn() throws IOException {
        try (var first = Ledger.open(directory, CONFIG);
                var second = Ledger.open(directory, CONFIG)) {
            assertThat(first.writer()).isNotEqualTo(second.writer());
            append(first, "a");
            append(second, "b");
        }
        assertThat(TestServer.records(directory))
                .extracting(line -> line.getLong("seq"))
                .containsExactly(1L, 1L);
    }

    @Test
    void leavesForeignFoldersAlone() throws IOException {
        Files.createDirectories(directory.resolve("lost+found"));
        write("a");
        assertThat(directory.resolve("lost+found")).isEmptyDirectory();
    }

    @Test
    void removesWhatAFailedWriteLeftBehind() throws IOException {
        try (var ledger = Ledger.open(directory, CONFIG)) {
            append(ledger, "a");
            Files.writeString(segments().get(0), "{\"half\":", StandardOpenOption.APPEND);
            append(ledger, "b");
        }
        assertThat(TestServer.records(directory))
                .extracting(line -> line.getString("record_id"))
                .containsExactly("a", "b");
    }

    static PredictionRecord record(String id) {
        return record(id, Map.of("feature_value", 21.0));
    }

    static PredictionRecord record(String id, Map<String, Object> inputs) {
        var record = new PredictionRecord(
                        id, Instant.parse("2026-01-02T03:04:05.000006Z"), "/predict/wine", "node", "doubler")
                .itemId(43)
                .inputs(inputs)
                .outputs(Map.of("prediction", 42.0));
        record.features =
                List.of(new PredictionRecord.Feature("metadata", "value", PredictionRecord.FeatureStatus.FRESH, null));
        return record;
    }

    private void write(String... ids) throws IOException {
        try (var ledger = Ledger.open(directory, CONFIG)) {
            append(ledger, ids);
        }
    }

    private static void append(Ledger ledger, String... ids) throws IOException {
        try {
            var group = RecordGroup.of(Stream.of(ids).map(LedgerTest::record).toList());
            assertThat(new GroupWriter(ledger).write(List.of(group)).unwritable())
                    .isEmpty();
        } catch (UnwritableRecordException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList();
        }
    }
}
