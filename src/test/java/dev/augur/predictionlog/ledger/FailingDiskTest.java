package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.open;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that refuses is never taken for one that has stored. */
class FailingDiskTest {
    private final FailingDisk disk = new FailingDisk();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 285, 500})
    void whatAFullDiskTookInPartIsCutOffAndNothingOfItCounts(int room) throws IOException {
        try (var ledger = open(directory, disk)) {
            append(ledger, "a");
            var segment = folder(directory).segments().get(0);
            long length = Files.size(segment);
            disk.room = room;
            assertThatThrownBy(() -> append(ledger, "b", "c")).hasMessage("No space left on device");
            assertThat(segment).hasSize(length);
            assertThat(ledger.storedSeq()).isEqualTo(1);
            assertThatThrownBy(() -> append(ledger, "b", "c")).isInstanceOf(IOException.class);

            disk.room = Long.MAX_VALUE;
            assertThat(append(ledger, "b", "c")).isEqualTo(2);
        }
        assertIntact("a", "b", "c");
    }

    @Test
    void whatCannotBeCutOffIsCutOffLater() throws IOException {
        try (var ledger = open(directory, disk)) {
            append(ledger, "a");
            long length = Files.size(folder(directory).segments().get(0));
            disk.room = 300;
            disk.truncates = false;
            assertThatThrownBy(() -> append(ledger, "b", "c")).isInstanceOf(IOException.class);
            assertThat(folder(directory).segments().get(0)).hasSize(length + 300);
            disk.room = Long.MAX_VALUE;
            assertThatThrownBy(() -> append(ledger, "b")).isInstanceOf(IOException.class);
            disk.truncates = true;
            append(ledger, "c");
        }
        assertIntact("a", "c");
    }

    @Test
    void afterAFailedForceTheSegmentIsLeftAndNothingOfTheGroupCounts() throws IOException {
        try (var ledger = open(directory, disk)) {
            append(ledger, "a");
            disk.forces = false;
            assertThatThrownBy(() -> append(ledger, "b")).hasMessage("Input/output error");
            assertThat(ledger.storedSeq()).isEqualTo(1);
            disk.forces = true;
            var before = List.copyOf(disk.opened);

            append(ledger, "b", "c");

            assertThat(folder(directory).segments()).hasSize(2);
            assertThat(disk.opened.subList(before.size(), disk.opened.size()))
                    .as("the old segment anew, then the next one")
                    .containsExactlyElementsOf(folder(directory).segments());
        }
        assertIntact("a", "b", "c");
    }

    @Test
    void aSegmentWhoseVeryFirstForceFailsIsMadeAnew() throws IOException {
        try (var ledger = open(directory, disk)) {
            disk.forces = false;
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> append(ledger, "a")).hasMessage("Input/output error");
            }
            disk.forces = true;
            append(ledger, "a");
            assertThat(folder(directory).segments()).hasSize(1);
        }
        assertIntact("a");
    }

    @Test
    void whileForceFailsNothingIsAcknowledgedAndNothingPilesUp() throws IOException {
        try (var ledger = open(directory, disk)) {
            append(ledger, "a");
            disk.forces = false;
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> append(ledger, "b")).isInstanceOf(IOException.class);
            }
            assertThat(folder(directory).segments()).hasSize(1);
            assertThat(ids(directory)).containsExactly("a");
            disk.forces = true;
            append(ledger, "b");
        }
        assertIntact("a", "b");
    }

    @Test
    void aForceThatFailsAtTheChangeOfSegmentIsNoLessAFailure() throws IOException {
        try (var ledger = open(directory, /* fsync= */ false, disk)) {
            append(ledger, "a", "b", "c");
            disk.forces = false;
            assertThatThrownBy(() -> append(ledger, "d")).hasMessage("Input/output error");
            disk.forces = true;
            append(ledger, "d");
            assertThat(folder(directory).segments()).hasSize(2);
        }
        assertIntact("a", "b", "c", "d");
    }

    @Test
    void aSegmentIsForcedWhileItIsWritten() throws Exception {
        var config = new LedgerConfig(/* fsync= */ false, 64L << 20, LedgerConfig.Retention.ALL, 0);
        try (var ledger = Ledger.open(directory, config, new LedgerOptions(false, Cursors.NONE, disk))) {
            appendMebibytes(ledger, 3);
            assertThat(disk.forced).hasValue(0);
            appendMebibytes(ledger, 2);
            eventually(() -> disk.forced.get() == 1);
            disk.forces = false;
            eventually(() -> refused(ledger));
            disk.forces = true;
            append(ledger, "goes-on");
            assertThat(folder(directory).segments())
                    .as("after a failed force a segment is left")
                    .hasSize(2);
        }
        assertThat(ids(directory)).doesNotHaveDuplicates().contains("mebibyte-4", "goes-on");
    }

    private static boolean refused(Ledger ledger) {
        try {
            appendMebibytes(ledger, 1);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void appendMebibytes(Ledger ledger, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            var id = "mebibyte-" + ledger.storedSeq();
            var text = "{\"record_id\":\"" + id + "\",\"text\":\"" + "x".repeat(1 << 20) + "\"}";
            assertThat(ledger.append(List.of(new LedgerEntry(id, text.getBytes(StandardCharsets.UTF_8)))))
                    .hasSize(1);
        }
    }

    @Test
    void aLedgerClosedAfterAFailedForceGoesOnAtTheNextStart() throws IOException {
        try (var ledger = open(directory, disk)) {
            append(ledger, "a");
            disk.forces = false;
            assertThatThrownBy(() -> append(ledger, "b")).isInstanceOf(IOException.class);
        }
        try (var ledger = LedgerFiles.open(directory)) {
            append(ledger, "b");
        }
        assertIntact("a", "b");
    }

    /** Closing a Vert.x interrupts its workers, and an interrupt closes the channel under a write. */
    @Test
    void anInterruptLosesTheGroupAndNotTheLedger() throws IOException {
        try (var ledger = open(directory, LedgerFiles::plain)) {
            append(ledger, "a");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> append(ledger, "b")).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
            append(ledger, "b");
        }
        assertIntact("a", "b");
    }

    @Test
    void aRecordThatFailedOnceIsNotTakenForADuplicate() throws IOException {
        try (var ledger = open(directory, disk)) {
            disk.room = 10;
            assertThatThrownBy(() -> append(ledger, "a")).isInstanceOf(IOException.class);
            disk.room = Long.MAX_VALUE;
            assertThat(append(ledger, "a")).isEqualTo(1);
            assertThat(append(ledger, "a")).isZero();
        }
        assertIntact("a");
    }

    private void assertIntact(String... ids) throws IOException {
        assertThat(ids(directory)).containsExactly(ids);
        var result = LedgerCheck.of(folder(directory));
        assertThat(result.fault()).isNull();
        assertThat(result.lastSeq()).isEqualTo(ids.length);
        try (var ledger = LedgerFiles.open(directory)) {
            assertThat(ledger.notes()).isEmpty();
            var again = new ArrayList<>(List.of(ids));
            again.add("new");
            assertThat(append(ledger, again.toArray(String[]::new))).isPositive();
        }
    }
}
