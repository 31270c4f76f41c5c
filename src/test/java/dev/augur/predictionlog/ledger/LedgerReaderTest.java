package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.named;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.predictionlog.ledger.LedgerFiles.retaining;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerReaderTest {
    private static final ReadLimit ALL = new ReadLimit(1_000, 1 << 20, Long.MAX_VALUE);

    @TempDir
    Path directory;

    @Test
    void readsEveryLineOnceOverSegmentsAndGoesOnFromItsCursor() throws IOException {
        var folder = written(directory, 11);
        for (int step = 1; step <= 12; step++) {
            var seen = new ArrayList<LedgerLine>();
            var cursor = Cursor.start(folder.id());
            for (int i = 0; i < 12; i++) {
                try (var reader = new LedgerReader(folder, cursor)) {
                    seen.addAll(reader.poll(new ReadLimit(step, 1 << 20, Long.MAX_VALUE)));
                    cursor = reader.cursor();
                }
            }
            assertThat(ids(seen)).isEqualTo(named(1, 11));
            assertThat(seen.get(10).after()).isEqualTo(cursor);
            assertThat(seen).extracting(LedgerLine::seq).isSorted();
        }
    }

    @Test
    void boundsWhatItReturnsByBytes() throws IOException {
        var folder = written(directory, 11);
        try (var reader = new LedgerReader(folder, Cursor.start(folder.id()))) {
            assertThat(reader.poll(new ReadLimit(100, 300, Long.MAX_VALUE))).hasSize(2);
            assertThat(reader.poll(new ReadLimit(100, 1, Long.MAX_VALUE))).hasSize(1);
            assertThat(reader.cursor().seq()).isEqualTo(3);
        }
    }

    @Test
    void followsAWriterAndNeverSeesHalfALine() throws Exception {
        int records = 3_000;
        try (var ledger = open(directory)) {
            var writing = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 1; i <= records; i += 2) {
                        append(ledger, "r" + i, "r" + (i + 1));
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            var seen = new ArrayList<LedgerLine>();
            try (var reader = new LedgerReader(folder(directory), Cursor.start(ledger.writer()))) {
                while (seen.size() < records && !writing.isCompletedExceptionally()) {
                    seen.addAll(reader.poll(new ReadLimit(7, 1 << 20, Long.MAX_VALUE)));
                }
            }
            writing.join();
            assertThat(ids(seen)).isEqualTo(named(1, records));
        }
    }

    @Test
    void readsNoFurtherThanItIsToldThoughMoreStandsInTheFile() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1", "r2", "r3", "r4");
            append(ledger, "r5");
            try (var reader = new LedgerReader(folder(directory), Cursor.start(ledger.writer()))) {
                assertThat(ids(reader.poll(new ReadLimit(100, 1 << 20, 2)))).isEqualTo(named(1, 2));
                assertThat(reader.poll(new ReadLimit(100, 1 << 20, 2))).isEmpty();
                assertThat(ids(reader.poll(new ReadLimit(100, 1 << 20, ledger.storedSeq()))))
                        .isEqualTo(named(3, 5));
            }
        }
    }

    /** What a failed group left in the file is cut off and other lines take its place. */
    @Test
    void doesNotKeepWhatWasCutOffMeanwhile() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            var segment = folder(directory).segments().get(0);
            try (var reader = new LedgerReader(folder(directory), Cursor.start(ledger.writer()))) {
                Files.writeString(segment, "{\"writer_id\":\"half a li", StandardOpenOption.APPEND);
                assertThat(ids(reader.poll(ALL))).containsExactly("r1");
                append(ledger, "r2");
                assertThat(ids(reader.poll(ALL))).containsExactly("r2");
            }
        }
    }

    @Test
    void goesOnWithTheNextLineThereIsWhereRetentionWasFaster() throws IOException {
        var folder = written(directory, 11);
        Cursor cursor;
        try (var reader = new LedgerReader(folder, Cursor.start(folder.id()))) {
            var unused = reader.poll(new ReadLimit(2, 1 << 20, Long.MAX_VALUE));
            cursor = reader.cursor();
        }
        try (var ledger = Ledger.open(directory, retaining(Duration.ZERO, 1))) {
            assertThat(ledger.removeOld(LedgerFiles.TIME)).hasSize(3);
        }
        try (var reader = new LedgerReader(folder, cursor)) {
            assertThat(ids(reader.poll(ALL))).isEqualTo(named(10, 11));
        }
    }

    @Test
    void aCursorWhosePlaceDoesNotFitAnyMoreIsFoundBySeq() throws IOException {
        var folder = written(directory, 11);
        var name = WriterFolder.name(folder.segments().get(1));
        for (var odd : List.of(
                new Cursor(folder.id(), 4, "", 0),
                new Cursor(folder.id(), 4, name, 17),
                new Cursor(folder.id(), 4, name, 1 << 20),
                new Cursor(folder.id(), 4, "00000000000000009999.ndjson", 5))) {
            try (var reader = new LedgerReader(folder, odd)) {
                assertThat(ids(reader.poll(ALL))).as(odd.toString()).isEqualTo(named(5, 11));
            }
        }
    }

    @Test
    void waitsForAWriterThatHasNotBegun() throws IOException {
        var folder = new WriterFolder(Files.createDirectory(directory.resolve("writer-none")));
        try (var reader = new LedgerReader(folder, Cursor.start("writer-none"))) {
            assertThat(reader.poll(ALL)).isEmpty();
        }
        assertThatThrownBy(() -> new LedgerReader(folder, Cursor.start("writer-other")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhereALineIsNone() throws IOException {
        var folder = written(directory, 2);
        Files.writeString(folder.segments().get(0), "garbage\n", StandardOpenOption.APPEND);
        try (var reader = new LedgerReader(folder, Cursor.start(folder.id()))) {
            assertThatThrownBy(() -> reader.poll(ALL)).hasMessageContaining("no line of this writer at byte");
        }
        try (var newest = NewestFirst.of(folder)) {
            assertThatThrownBy(newest::next).hasMessageContaining("no line of this writer at byte");
        }
    }

    @Test
    void readsBackwardsToo() throws IOException {
        var folder = written(directory, 11);
        Files.writeString(folder.segments().get(3), "{\"torn", StandardOpenOption.APPEND);
        var newest = new ArrayList<LedgerLine>();
        try (var lines = NewestFirst.of(folder)) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                newest.add(line);
            }
        }
        try (var reader = new LedgerReader(folder, Cursor.start(folder.id()))) {
            var oldest = reader.poll(ALL);
            assertThat(newest).hasSameSizeAs(oldest);
            for (int i = 0; i < oldest.size(); i++) {
                var line = newest.get(oldest.size() - 1 - i);
                assertThat(line).hasToString(oldest.get(i).toString());
                assertThat(line.after()).isEqualTo(oldest.get(i).after());
            }
        }
    }

    @Test
    void readsBackwardsFromAPlaceOn() throws IOException {
        var folder = written(directory, 11);
        var seen = new ArrayList<LedgerLine>();
        try (var lines = NewestFirst.of(folder)) {
            seen.add(lines.next());
        }
        for (int i = 0; i < 10; i++) {
            try (var lines = NewestFirst.before(folder, seen.get(i).before())) {
                seen.add(lines.next());
            }
        }
        try (var lines = NewestFirst.before(folder, seen.get(10).before())) {
            assertThat(lines.next()).isNull();
        }
        assertThat(seen).extracting(LedgerLine::seq).containsExactly(11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void readsLinesLongerThanABlockBackwards() throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 0; i < 5; i++) {
                var json = "{\"record_id\":\"long" + i + "\",\"x\":\"" + "y".repeat(70_000 * i) + "\"}";
                assertThat(ledger.append(List.of(new LedgerEntry("long" + i, json.getBytes()))))
                        .hasSize(1);
            }
        }
        try (var lines = NewestFirst.of(folder(directory))) {
            for (int i = 4; i >= 0; i--) {
                assertThat(lines.next().toString())
                        .contains("\"long" + i + "\"")
                        .hasSizeGreaterThan(70_000 * i);
            }
            assertThat(lines.next()).isNull();
        }
    }
}
