package dev.augur.predictionlog.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ledgers made for a test, and what stands in them. */
final class LedgerFiles {
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final int SEGMENT_BYTES = 700;

    private LedgerFiles() {}

    /** Small segments, and nothing but the newest checked whole at the start. */
    static LedgerConfig small() {
        return new LedgerConfig(false, SEGMENT_BYTES, LedgerConfig.Retention.ALL, 0);
    }

    static LedgerConfig retaining(Duration age, long bytes) {
        return new LedgerConfig(false, SEGMENT_BYTES, new LedgerConfig.Retention(age, bytes), 0);
    }

    static Ledger open(Path directory) throws IOException {
        return Ledger.open(directory, small());
    }

    static Ledger repair(Path directory) throws IOException {
        return Ledger.open(directory, small(), new LedgerOptions(true, Cursors.NONE));
    }

    static Ledger open(Path directory, boolean fsync, SegmentOpener opener) throws IOException {
        var config = new LedgerConfig(fsync, SEGMENT_BYTES, LedgerConfig.Retention.ALL, 0);
        return Ledger.open(directory, config, new LedgerOptions(false, Cursors.NONE, opener));
    }

    static Ledger open(Path directory, SegmentOpener opener) throws IOException {
        return open(directory, /* fsync= */ true, opener);
    }

    static FileChannel plain(Path file, java.nio.file.OpenOption... options) throws IOException {
        return FileChannel.open(file, options);
    }

    static LedgerEntry entry(String id) {
        return entry(id, TIME);
    }

    static LedgerEntry entry(String id, Instant receivedAt) {
        return new LedgerEntry(
                id,
                ("{\"record_id\":\"" + id + "\",\"received_at\":\"" + receivedAt + "\",\"text\":\"grün €\"}")
                        .getBytes(UTF_8));
    }

    static List<LedgerEntry> entries(String... ids) {
        return Stream.of(ids).map(LedgerFiles::entry).toList();
    }

    /** A ledger whose records are {@code r1} to {@code rN}, each a group of its own; closed. */
    static WriterFolder written(Path directory, int records) throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= records; i++) {
                append(ledger, "r" + i);
            }
            return folder(directory);
        }
    }

    static int append(Ledger ledger, String... ids) throws IOException {
        return ledger.append(entries(ids)).size();
    }

    static WriterFolder folder(Path directory) throws IOException {
        return WriterFolder.in(directory).get(0);
    }

    static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    static void write(Path file, List<String> lines) throws IOException {
        Files.writeString(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
    }

    /** The ids in the ledger, in order. */
    static List<String> ids(Path directory) throws IOException {
        return TestServer.records(directory).stream()
                .filter(LedgerFiles::told)
                .map(line -> line.getString("record_id"))
                .toList();
    }

    /** Whether a line was given to the ledger, and is none of its own. */
    private static boolean told(JsonObject line) {
        return !"retention".equals(line.getString("type"));
    }

    static List<Long> seqs(Path directory) throws IOException {
        return TestServer.records(directory).stream()
                .map(line -> line.getLong("seq"))
                .toList();
    }

    static List<String> named(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> "r" + i).toList();
    }

    static List<String> ids(List<LedgerLine> lines) {
        var ids = new ArrayList<String>();
        lines.stream()
                .map(line -> new JsonObject(line.toString()))
                .filter(LedgerFiles::told)
                .forEach(line -> ids.add(line.getString("record_id")));
        return ids;
    }

    /** The next line of a chain. */
    static String line(ChainWriter chain, LedgerEntry entry) {
        var bytes = new byte[Math.toIntExact(chain.most(entry))];
        return new String(bytes, 0, chain.next(entry, bytes, 0), StandardCharsets.UTF_8);
    }
}
