package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.TIME;
import static dev.augur.predictionlog.ledger.LedgerFiles.append;
import static dev.augur.predictionlog.ledger.LedgerFiles.entry;
import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.ids;
import static dev.augur.predictionlog.ledger.LedgerFiles.named;
import static dev.augur.predictionlog.ledger.LedgerFiles.retaining;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments of three lines. */
class RemovalTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    @Test
    void keepsEverythingUnlessToldOtherwise() throws IOException {
        written(directory, 11);
        try (var ledger = LedgerFiles.open(directory)) {
            assertThat(ledger.removeOld(Instant.MAX)).isEmpty();
        }
        assertThat(ids(directory)).isEqualTo(named(1, 11));
    }

    @Test
    void removesTheOldestUntilTheRestIsSmallEnough() throws IOException {
        var segments = written(directory, 11).segments();
        long newestTwo = Files.size(segments.get(2)) + Files.size(segments.get(3));
        try (var ledger = Ledger.open(directory, retaining(Duration.ZERO, newestTwo))) {
            assertThat(ledger.removeOld(TIME)).containsExactly(segments.get(0), segments.get(1));
            assertThat(ledger.removeOld(TIME)).isEmpty();
            assertThat(ledger.bytes()).isEqualTo(newestTwo);
            append(ledger, "r12");
        }
        assertThat(ids(directory)).isEqualTo(named(7, 12));
        assertIntact();
    }

    @Test
    void neverRemovesTheNewest() throws IOException {
        written(directory, 11);
        try (var ledger = Ledger.open(directory, retaining(Duration.ofMillis(1), 1))) {
            assertThat(ledger.removeOld(Instant.MAX)).hasSize(3);
        }
        assertThat(ids(directory)).containsExactly("r10", "r11");
        assertIntact();
    }

    @Test
    void removesWhatIsTooOldByTheTimeOfItsLastRecord() throws IOException {
        var ages = List.of(9, 9, 5, 5, 5, 2, 1, 1, 1, 0, 0);
        try (var ledger = Ledger.open(directory, retaining(DAY.multipliedBy(4), 0))) {
            write(ledger, ages);
            assertThat(ledger.removeOld(TIME)).hasSize(1);
        }
        assertThat(ids(directory)).startsWith("r4");
        assertIntact();
    }

    /** A clock that ran ahead for a while keeps segments longer; it never removes one too early. */
    @Test
    void aClockSetBackChangesNoOrderAndDoesNotStopRemovalBySize() throws IOException {
        try (var ledger = Ledger.open(directory, retaining(DAY, 2_000))) {
            write(ledger, List.of(-900, -900, -900, 5, 5, 5, 0, 0, 0, 0, 0));
            assertThat(LedgerFiles.seqs(directory)).isSorted();
            assertThat(ledger.removeOld(TIME)).hasSize(2);
        }
        assertThat(ids(directory)).startsWith("r7");
        assertIntact();
    }

    @Test
    void leavesWhatAFollowerStillNeeds() throws IOException {
        var segments = written(directory, 11).segments();
        for (int needed : new int[] {1, 3, 4, 6}) {
            try (var ledger = followed(needed)) {
                assertThat(ledger.removeOld(TIME)).hasSize(needed == 4 ? 1 : 0);
            }
        }
        assertThat(folder(directory).segments()).isEqualTo(segments.subList(1, 4));
        try (var ledger = followed(Long.MAX_VALUE)) {
            assertThat(ledger.removeOld(TIME)).hasSize(2);
        }
        assertIntact();
    }

    /** The marker is written first, then the oldest goes first: a crash leaves the younger ones of what was to go. */
    @Test
    void aRemovalThatACrashCutShortIsNoFaultAndIsFinishedAtTheStart() throws IOException {
        var segments = written(directory, 11).segments();
        var second = Files.readAllBytes(segments.get(1));
        var third = Files.readAllBytes(segments.get(2));
        try (var ledger = followed(Long.MAX_VALUE)) {
            assertThat(ledger.removeOld(TIME)).hasSize(3);
        }
        Files.write(segments.get(1), second);
        Files.write(segments.get(2), third);
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();

        try (var ledger = LedgerFiles.open(directory)) {
            append(ledger, "r12");
        }

        assertThat(ids(directory)).containsExactly("r10", "r11", "r12");
        assertIntact();
    }

    @Test
    void aSegmentRemovedByHandAfterARemovalIsNamed() throws IOException {
        var segments = written(directory, 11).segments();
        try (var ledger = followed(4)) {
            assertThat(ledger.removeOld(TIME)).hasSize(1);
        }
        Files.delete(segments.get(1));
        assertThat(String.valueOf(LedgerCheck.of(folder(directory)).fault()))
                .endsWith("line 1 does not follow seq 3: seq 4 to 6 are missing");
    }

    private Ledger followed(long needed) throws IOException {
        return Ledger.open(
                directory, retaining(Duration.ZERO, 1), new LedgerOptions(/* repair= */ false, writer -> needed));
    }

    private static void write(Ledger ledger, List<Integer> agesInDays) throws IOException {
        for (int i = 0; i < agesInDays.size(); i++) {
            ledger.append(List.of(entry("r" + (i + 1), TIME.minus(DAY.multipliedBy(agesInDays.get(i))))));
        }
    }

    private void assertIntact() throws IOException {
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        try (var ledger = LedgerFiles.open(directory)) {
            assertThat(ledger.notes()).isEmpty();
        }
    }
}
