package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.lines;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.predictionlog.ledger.LedgerFiles.repair;
import static dev.augur.predictionlog.ledger.LedgerFiles.seqs;
import static dev.augur.predictionlog.ledger.LedgerFiles.write;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is done to a ledger's files is noticed and named; a repair goes on from there and says what is missing. */
class DamageTest {
    /** Segments of three lines: 1 to 3, 4 to 6, and so on; the last holds 10 and 11. */
    private static final int RECORDS = 11;

    @TempDir
    Path directory;

    /** Something done to one file, and what is said of it. */
    enum Damage {
        ONE_BYTE_ALTERED(1, "line 2 was altered: seq 5 does not match its hash") {
            @Override
            void on(Path segment) throws IOException {
                var bytes = Files.readAllBytes(segment);
                bytes[lines(segment).get(0).getBytes().length + 60] ^= 1;
                Files.write(segment, bytes);
            }
        },
        ONE_BYTE_ALTERED_IN_THE_NEWEST(3, "line 1 was altered: seq 10 does not match its hash") {
            @Override
            void on(Path segment) throws IOException {
                write(
                        segment,
                        lines(segment).stream()
                                .map(line -> line.replace("r10", "rX0"))
                                .toList());
            }
        },
        A_HASH_ALTERED(0, "line 3 was altered: seq 3 does not match its hash") {
            @Override
            void on(Path segment) throws IOException {
                var lines = lines(segment);
                lines.set(2, lines.get(2).replaceAll(".\"}$", "x\"}"));
                write(segment, lines);
            }
        },
        A_LINE_REMOVED(1, "line 2 is out of place: seq 6 stands where 5 was expected") {
            @Override
            void on(Path segment) throws IOException {
                var lines = lines(segment);
                lines.remove(1);
                write(segment, lines);
            }
        },
        THE_FIRST_LINE_REMOVED(1, "line 1 is out of place: seq 5 stands where 4 was expected") {
            @Override
            void on(Path segment) throws IOException {
                write(segment, lines(segment).subList(1, 3));
            }
        },
        LINES_SWAPPED(1, "line 1 is out of place: seq 5 stands where 4 was expected") {
            @Override
            void on(Path segment) throws IOException {
                var lines = lines(segment);
                Collections.swap(lines, 0, 1);
                write(segment, lines);
            }
        },
        A_LINE_DOUBLED(1, "line 3 stands twice: seq 5") {
            @Override
            void on(Path segment) throws IOException {
                var lines = lines(segment);
                lines.add(2, lines.get(1));
                write(segment, lines);
            }
        },
        TORN_IN_THE_MIDDLE(1, "line 3 is torn, and further segments follow") {
            @Override
            void on(Path segment) throws IOException {
                var text = Files.readString(segment);
                Files.writeString(segment, text.substring(0, text.length() - 10));
            }
        },
        NO_LEDGER_AT_ALL(1, "line 1 is torn or no line of this writer") {
            @Override
            void on(Path segment) throws IOException {
                Files.writeString(segment, "no json\n");
            }
        },
        EMPTIED(1, "is empty, and further segments follow") {
            @Override
            void on(Path segment) throws IOException {
                Files.writeString(segment, "");
            }
        },
        THE_NEWEST_EMPTIED(3, "ends at seq 9, but seq 11 was written: lines were removed at the end") {
            @Override
            void on(Path segment) throws IOException {
                Files.writeString(segment, "");
            }
        },
        LAST_LINE_REMOVED(3, "ends at seq 10, but seq 11 was written: lines were removed at the end") {
            @Override
            void on(Path segment) throws IOException {
                write(segment, lines(segment).subList(0, 1));
            }
        },
        HEAD_REMOVED(3, "is missing") {
            @Override
            void on(Path segment) throws IOException {
                Files.delete(segment.resolveSibling("head.json"));
            }
        },
        HEAD_UNREADABLE(3, "cannot be read") {
            @Override
            void on(Path segment) throws IOException {
                Files.writeString(segment.resolveSibling("head.json"), "{\"end\":");
            }
        },
        HEAD_OF_ANOTHER_HISTORY(3, "seq 11 has another hash than head.json: lines were replaced") {
            @Override
            void on(Path segment) throws IOException {
                var head = segment.resolveSibling("head.json");
                Files.writeString(
                        head, Files.readString(head).replaceAll("\"[0-9a-f]{64}\"", "\"" + "ab".repeat(32) + "\""));
            }
        };

        final int segment;
        private final String named;

        Damage(int segment, String named) {
            this.segment = segment;
            this.named = named;
        }

        abstract void on(Path segment) throws IOException;

        boolean ofTheHead() {
            return name().startsWith("HEAD");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNamedByTheCheck(Damage damage) throws IOException {
        var segment = damaged(damage);
        var file = damage.ofTheHead() && damage != Damage.HEAD_OF_ANOTHER_HISTORY
                ? segment.resolveSibling("head.json")
                : segment;
        assertThat(String.valueOf(LedgerCheck.of(folder(directory)).fault())).startsWith(file + ": " + damage.named);
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedAtTheStart(Damage damage) throws IOException {
        damaged(damage);
        var before = files();
        var all = new LedgerConfig(false, 700, LedgerConfig.Retention.ALL, Long.MAX_VALUE);
        assertThatThrownBy(() -> Ledger.open(directory, all))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining(": " + damage.named);
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void isRepairedWithTheGapNoted(Damage damage) throws IOException {
        var segment = damaged(damage);
        int intact = lineCount();
        try (var ledger = repair(directory)) {
            assertThat(ledger.notes()).isNotEmpty();
            assertThat(ledger.storedSeq()).isGreaterThanOrEqualTo(damage.segment == 3 ? 10L : RECORDS);
            append(ledger, "after");
        }
        var result = LedgerCheck.of(folder(directory));
        assertThat(result.fault()).isNull();
        assertThat(ids(directory)).endsWith("after").doesNotHaveDuplicates();
        assertThat(seqs(directory)).isSorted().doesNotHaveDuplicates();
        assertThat(folder(directory).markers().gaps()).isNotEmpty();
        if (Files.exists(segment.resolveSibling("damaged"))) {
            assertThat(segment.resolveSibling("damaged").resolve(segment.getFileName() + ".1"))
                    .exists();
            assertThat(result.gaps()).isNotEmpty();
        } else {
            assertThat(ids(directory)).hasSize(Math.min(intact, RECORDS) + 1);
        }
        written(directory, RECORDS + 5);
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        assertThat(ids(directory)).contains("r16");
    }

    @Test
    void aSegmentRemovedIsNamed() throws IOException {
        var segments = written(directory, RECORDS).segments();
        Files.delete(segments.get(1));
        assertThat(LedgerCheck.of(folder(directory)).fault())
                .hasToString(segments.get(2) + ": line 1 does not follow seq 3: seq 4 to 6 are missing");
        assertThatThrownBy(() -> open(directory)).hasMessageContaining("seq 4 to 6 are missing");
        Files.delete(segments.get(0));
        assertThat(LedgerCheck.of(folder(directory)).fault())
                .hasToString(segments.get(2) + ": line 1 does not follow seq 0: seq 1 to 6 are missing");

        try (var ledger = repair(directory)) {
            append(ledger, "after");
        }
        assertThat(LedgerCheck.of(folder(directory)).gaps())
                .singleElement()
                .asString()
                .contains("seq 1 to 6 are missing");
        assertThat(ids(directory)).containsExactly("r7", "r8", "r9", "r10", "r11", "after");
    }

    @Test
    void theNewestSegmentRemovedIsNamedEvenAfterACrash() throws IOException {
        Path copy = directory.resolve("crashed");
        var original = directory.resolve("original");
        try (var ledger = open(original)) {
            for (int i = 1; i <= RECORDS; i++) {
                append(ledger, "r" + i);
            }
            copyAsAfterAKill(original, copy);
        }
        var newest = folder(copy).segments().get(3);
        Files.delete(newest);
        assertThat(LedgerCheck.of(folder(copy)).fault()).hasToString(newest + ": is missing: it was begun after seq 9");
        assertThatThrownBy(() -> open(copy)).isInstanceOf(DamagedLedgerException.class);
    }

    @Test
    void allSegmentsRemovedIsNamed() throws IOException {
        for (Path segment : written(directory, RECORDS).segments()) {
            Files.delete(segment);
        }
        assertThat(String.valueOf(LedgerCheck.of(folder(directory)).fault()))
                .contains("ends at seq 0, but seq 11 was written");
        assertThatThrownBy(() -> open(directory)).isInstanceOf(DamagedLedgerException.class);
        try (var ledger = repair(directory)) {
            append(ledger, "after");
            assertThat(ledger.storedSeq()).isEqualTo(12);
        }
        assertThat(LedgerCheck.of(folder(directory)).gaps()).hasSize(1);
    }

    @Test
    void aSegmentOfAnotherHistoryIsNamed() throws IOException {
        var segments = written(directory, RECORDS).segments();
        var other = new ChainWriter(folder(directory).id(), new ChainPoint(3, "ab".repeat(32)));
        var forged = new StringBuilder();
        for (String id : List.of("x", "y", "z")) {
            forged.append(LedgerFiles.line(other, LedgerFiles.entry(id))).append('\n');
        }
        Files.writeString(segments.get(1), forged);
        assertThat(LedgerCheck.of(folder(directory)).fault())
                .hasToString(segments.get(1) + ": line 1 does not follow seq 3: its prev is another hash");
    }

    @Test
    void aRepairOfWhatIsWholeDoesNothing() throws IOException {
        written(directory, RECORDS);
        var before = files();
        try (var ledger = repair(directory)) {
            assertThat(ledger.notes()).isEmpty();
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aTornLastLineIsCutAndSaidAndNoFault() throws IOException {
        var newest = written(directory, RECORDS).segments().get(3);
        Files.writeString(newest, "{\"writer_id\":\"w\",\"seq\":12,\"rec", StandardOpenOption.APPEND);
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        assertThat(LedgerCheck.of(folder(directory)).tornBytes()).isEqualTo(30);
        try (var ledger = open(directory)) {
            assertThat(ledger.notes())
                    .containsExactly(newest + ": cut 30 bytes of a torn last line, which was never acknowledged");
            append(ledger, "r12");
        }
        assertThat(ids(directory)).isEqualTo(LedgerFiles.named(1, 12));
        assertThat(LedgerCheck.of(folder(directory)).tornBytes()).isZero();
    }

    static void copyAsAfterAKill(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private Path damaged(Damage damage) throws IOException {
        var segments = written(directory, RECORDS).segments();
        assertThat(segments).hasSize(4);
        damage.on(segments.get(damage.segment));
        return segments.get(damage.segment);
    }

    private int lineCount() throws IOException {
        int count = 0;
        for (Path segment : folder(directory).segments()) {
            count += lines(segment).size();
        }
        return count;
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> {
                        try {
                            return file + "\n" + Files.readString(file);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .toList();
        }
    }
}
