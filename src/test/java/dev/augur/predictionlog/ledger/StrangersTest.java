package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.predictionlog.ledger.LedgerFiles.repair;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no file under the name of one is named by check and start, which do not wait for it, and moved aside by a
 * repair.
 */
@Timeout(20)
class StrangersTest {
    @TempDir
    Path directory;

    @TempDir
    Path outside;

    enum Kind {
        PIPE {
            @Override
            void make(Path path, Path outside) throws Exception {
                assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                        .isZero();
            }
        },
        FOLDER {
            @Override
            void make(Path path, Path outside) throws IOException {
                Files.createDirectory(path);
            }
        },
        LINK {
            @Override
            void make(Path path, Path outside) throws IOException {
                Files.createSymbolicLink(path, outside.resolve("target"));
            }
        },
        DEVICE {
            @Override
            void make(Path path, Path outside) throws IOException {
                Files.createSymbolicLink(path, Path.of("/dev/zero"));
            }
        };

        abstract void make(Path path, Path outside) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void underTheNameOfASegment(Kind kind) throws Exception {
        var stranger = written(directory, 5).path().resolve("00000000000000000099.ndjson");
        kind.make(stranger, outside);
        var named = stranger + ": has the name of a segment and is a ";
        assertThat(String.valueOf(LedgerCheck.of(folder(directory)).fault())).startsWith(named);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageStartingWith(named);
        try (var ledger = repair(directory)) {
            append(ledger, "r6");
        }
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        assertThat(ids(directory)).hasSize(6);
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void underTheNameOfTheLock(Kind kind) throws Exception {
        var lock = written(directory, 5).path().resolve("lock");
        Files.delete(lock);
        kind.make(lock, outside);
        assertThatThrownBy(() -> open(directory)).hasMessageStartingWith(lock + ": is no file but a ");
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"head.json", "retained.json", "gaps.jsonl"})
    void underTheNameOfAMarker(String name) throws Exception {
        for (Kind kind : Kind.values()) {
            var base = directory.resolve(kind.name());
            var marker = written(base, 5).path().resolve(name);
            Files.deleteIfExists(marker);
            kind.make(marker, outside);
            assertThat(String.valueOf(LedgerCheck.of(folder(base)).fault())).startsWith(marker + ": is no file but a ");
            assertThatThrownBy(() -> open(base)).hasMessageStartingWith(marker + ": is no file but a ");
        }
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aDraftThatIsALinkIsNotFollowed() throws Exception {
        var draft = written(directory, 1).path().resolve("head.json.draft");
        Files.createSymbolicLink(draft, outside.resolve("target"));
        open(directory).close();
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsALinkIsReadAndNotWritten() throws Exception {
        var real = written(outside, 5).path();
        Files.createSymbolicLink(directory.resolve(real.getFileName()), real);
        try (var ledger = open(directory)) {
            append(ledger, "r6");
            assertThat(ledger.writer()).isNotEqualTo(real.getFileName().toString());
        }
        assertThat(LedgerCheck.of(folder(outside)).records()).isEqualTo(5);
    }

    @Test
    void aLineLongerThanAnyIsDamageAndRepaired() throws Exception {
        var segment = written(directory, 5).segments().get(0);
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.setLength(LineFormat.MAX_LINE_BYTES + (8L << 20)); // zeros
            file.seek(file.length());
            file.write('\n');
        }
        assertThat(String.valueOf(LedgerCheck.of(folder(directory)).fault()))
                .startsWith(segment + ": line 4 is torn or no line of this writer");
        repair(directory).close();
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        assertThat(ids(directory)).isEqualTo(LedgerFiles.named(1, 5));
    }

    /** As after a power failure: the length was stored, what was written was not. */
    @Test
    void zerosAtTheEndAreATornLine() throws Exception {
        var newest = written(directory, 5).segments().get(1);
        try (var file = new RandomAccessFile(newest.toFile(), "rw")) {
            file.setLength(file.length() + 4_096);
        }
        assertThat(LedgerCheck.of(folder(directory)).tornBytes()).isEqualTo(4_096);
        try (var ledger = open(directory)) {
            append(ledger, "r6");
        }
        assertThat(ids(directory)).isEqualTo(LedgerFiles.named(1, 6));
    }
}
