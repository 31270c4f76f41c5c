package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.named;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.predictionlog.ledger.LedgerFiles.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What others do to the files of a ledger while it is written: whatever was acknowledged is there, or noted as missing.
 */
class RestorationTest {
    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    /**
     * Something done to the file being written, or to what is around it, that takes no line away from the open file.
     */
    enum Harm {
        REMOVED {
            @Override
            void on(Path segment) throws IOException {
                Files.delete(segment);
            }
        },
        RENAMED {
            @Override
            void on(Path segment) throws IOException {
                Files.move(segment, segment.resolveSibling("old.1"));
            }
        },
        ROTATED {
            @Override
            void on(Path segment) throws IOException {
                Files.move(segment, segment.resolveSibling("old.1"));
                Files.createFile(segment);
            }
        },
        REPLACED_BY_A_COPY {
            @Override
            void on(Path segment) throws IOException {
                var copy = Files.copy(segment, segment.resolveSibling("copy"));
                Files.move(copy, segment, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        REPLACED_BY_A_LINK {
            @Override
            void on(Path segment) throws IOException {
                var moved = Files.move(segment, segment.resolveSibling("moved"));
                Files.createSymbolicLink(segment, moved);
            }
        },
        REPLACED_BY_A_FOLDER {
            @Override
            void on(Path segment) throws IOException {
                Files.delete(segment);
                Files.createDirectory(segment);
            }
        },
        LEFT_WITH_ANOTHER_NAME_ONLY {
            @Override
            void on(Path segment) throws IOException {
                Files.createLink(segment.resolveSibling("other"), segment);
                Files.delete(segment);
            }
        },
        LOCK_REMOVED {
            @Override
            void on(Path segment) throws IOException {
                Files.delete(segment.resolveSibling("lock"));
            }
        },
        HEAD_REMOVED {
            @Override
            void on(Path segment) throws IOException {
                Files.delete(segment.resolveSibling("head.json"));
            }
        };

        abstract void on(Path segment) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenFoundBeforeTheNextGroup(Harm harm) throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            append(ledger, "r2");
            harm.on(newest());
            ledger.check();
            assertTold(ledger);
            append(ledger, "r3");
        }
        assertWhole(3);
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenFoundByTheNextGroup(Harm harm) throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= 5; i++) {
                append(ledger, "r" + i);
            }
            harm.on(newest());
            append(ledger, "r6");
            append(ledger, "r7");
            ledger.check();
            if (harm != Harm.HEAD_REMOVED) { // which the change of segment has written again
                assertTold(ledger);
            }
        }
        assertWhole(7);
    }

    @Test
    void theWholeFolderMovedAwayLeavesAGapWhereClosedSegmentsWere() throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= 5; i++) {
                append(ledger, "r" + i);
            }
            var path = folder(directory).path();
            Files.move(path, elsewhere.resolve("gone"));
            append(ledger, "r6");
        }
        assertThat(ids(directory)).containsExactly("r4", "r5", "r6");
        assertGap("seq 1 to 3 are missing");
    }

    @Test
    void aClosedSegmentRemovedIsANotedGap() throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= 8; i++) {
                append(ledger, "r" + i);
            }
            Files.delete(folder(directory).segments().get(1));
            ledger.check();
            assertTold(ledger);
            append(ledger, "r9");
        }
        assertThat(ids(directory)).containsExactly("r1", "r2", "r3", "r7", "r8", "r9");
        assertGap("seq 4 to 6 are missing");
    }

    /**
     * As {@code copytruncate} does: what was in the file is gone, and a write behind its end would leave a hole of
     * zeros.
     */
    @Test
    void aFileThatWasCutIsANotedGapAndNoHole() throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= 5; i++) {
                append(ledger, "r" + i);
            }
            var first = Files.readAllLines(newest()).get(0);
            Files.writeString(newest(), first + "\n", StandardOpenOption.TRUNCATE_EXISTING);
            append(ledger, "r6");
            assertTold(ledger);
        }
        assertThat(ids(directory)).containsExactly("r1", "r2", "r3", "r4", "r6");
        assertGap("seq 5 is missing");
        try (var ledger = open(directory)) {
            Files.writeString(newest(), "");
            ledger.check();
            append(ledger, "r7");
        }
        assertThat(ids(directory)).containsExactly("r1", "r2", "r3", "r4", "r7");
        assertGap("seq 5 to 6 are missing");
    }

    /** The file is cut while a group is on its way into it. */
    @Test
    void aFileCutDuringAWriteIsNotAcknowledged() throws IOException {
        var disk = new FailingDisk();
        try (var ledger = open(directory, /* fsync= */ false, disk)) {
            append(ledger, "r1");
            disk.beforeWrite = () -> {
                disk.beforeWrite = () -> {};
                Files.writeString(newest(), "");
            };
            append(ledger, "r2");
            assertTold(ledger);
        }
        assertThat(ids(directory)).containsExactly("r2");
        assertGap("seq 1 is missing");
    }

    @Test
    void whatIsLockedByAnotherProcessMeanwhileIsNotWritten() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            Files.delete(newest().resolveSibling("lock"));
            try (var other = open(directory)) {
                assertThat(other.writer()).isEqualTo(ledger.writer());
                assertThatThrownBy(ledger::check).hasMessageContaining("another process has taken it");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "head.json", "00000000000000000001.ndjson"})
    void theFileBeingWrittenStaysWhereSomethingElseWasRemoved(String name) throws IOException {
        try (var ledger = open(directory)) {
            for (int i = 1; i <= 5; i++) {
                append(ledger, "r" + i);
            }
            var written = newest();
            var key = key(written);
            Files.delete(written.resolveSibling(name));
            ledger.check();
            assertTold(ledger);
            assertThat(key(written)).isEqualTo(key);
            assertThat(written.resolveSibling("damaged")).doesNotExist();
            append(ledger, "r6");
        }
        assertThat(ids(directory)).endsWith("r4", "r5", "r6");
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Test
    void whatStoodInItsPlaceIsSetAside() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            var segment = newest();
            var aside = segment.resolveSibling("damaged").resolve(segment.getFileName() + ".1");
            var lines = Files.readAllLines(segment);
            Files.delete(segment);
            Files.writeString(segment, "another\n");
            ledger.check();
            assertThat(aside).hasContent("another");
            assertThat(Files.readAllLines(segment)).isEqualTo(lines);
        }
        assertWhole(1);
    }

    @Test
    void aClosedLedgerTouchesNothing() throws IOException {
        var ledger = open(directory);
        append(ledger, "r1");
        ledger.close();
        Files.delete(newest().resolveSibling("head.json"));
        var before = files();
        ledger.check();
        assertThat(ledger.removeOld(Instant.MAX)).isEmpty();
        ledger.close();
        assertThatThrownBy(() -> append(ledger, "r2")).isInstanceOf(IOException.class);
        assertThat(files()).isEqualTo(before);
        assertThat(ledger.restorations()).isZero();
    }

    /** Nobody else has closed the file: it is opened again for the next group. */
    @Test
    void anInterruptLooksLikeNoHarm() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            Thread.currentThread().interrupt();
            ledger.check();
            assertThat(Thread.interrupted()).isTrue();
            ledger.check();
            append(ledger, "r2");
            assertThat(ledger.restorations()).isZero();
        }
        assertWhole(2);
    }

    /** With the open file gone, what stands in its place is neither cut nor taken for it. */
    @Test
    void aFileReplacedWhileItWasClosedIsANotedGap() throws IOException {
        try (var ledger = open(directory)) {
            append(ledger, "r1");
            Thread.currentThread().interrupt();
            ledger.check(); // which closes the file
            assertThat(Thread.interrupted()).isTrue();
            var segment = newest();
            Files.move(segment, elsewhere.resolve("gone"));
            var foreign = "another\n".repeat(100);
            Files.writeString(segment, foreign);
            append(ledger, "r2");
            assertThat(segment.resolveSibling("damaged").resolve(segment.getFileName() + ".1"))
                    .hasContent(foreign);
        }
        assertThat(ids(directory)).containsExactly("r2");
        assertGap("seq 1 is missing");
    }

    /** What lies in the folder, by name, and what stands in it. */
    private Map<Path, String> files() throws IOException {
        var files = new TreeMap<Path, String>();
        try (var all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(file, Files.readString(file));
            }
        }
        return files;
    }

    private Path newest() throws IOException {
        List<Path> segments = folder(directory).segments();
        return segments.get(segments.size() - 1);
    }

    private static void assertTold(Ledger ledger) {
        assertThat(ledger.takeNews()).isNotEmpty();
        assertThat(ledger.restorations()).isOne();
    }

    private void assertWhole(int records) throws IOException {
        assertThat(ids(directory)).isEqualTo(named(1, records));
        assertThat(seqs(directory)).isSorted().doesNotHaveDuplicates();
        var result = LedgerCheck.of(folder(directory));
        assertThat(result.fault()).isNull();
        assertThat(result.gaps()).isEmpty();
        try (var ledger = open(directory)) {
            assertThat(ledger.notes()).isEmpty();
        }
    }

    private void assertGap(String missing) throws IOException {
        var result = LedgerCheck.of(folder(directory));
        assertThat(result.fault()).isNull();
        assertThat(result.gaps()).singleElement().asString().startsWith(missing);
        try (var ledger = open(directory)) {
            assertThat(ledger.notes()).isEmpty();
        }
    }
}
