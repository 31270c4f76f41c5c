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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        long announcement = 600;
        try (var ledger = Ledger.open(directory, retaining(Duration.ZERO, newestTwo + announcement))) {
            assertThat(ledger.removeOld(TIME)).containsExactly(segments.get(0), segments.get(1));
            assertThat(ledger.removeOld(TIME)).isEmpty();
            assertThat(ledger.bytes()).isBetween(newestTwo, newestTwo + announcement);
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

    /** Whoever removes a segment and writes down that retention did it has no line in the chain that says so. */
    @Test
    void aMarkerMadeByHandIsNamedAndRepaired() throws IOException {
        var segments = written(directory, 11).segments();
        var last = SegmentScan.ends(segments.get(0), folder(directory).id()).end();
        Files.delete(segments.get(0));
        folder(directory).markers().retained(last);
        assertThat(LedgerCheck.of(folder(directory)).fault())
                .hasToString(segments.get(0).resolveSibling("retained.json")
                        + ": says that retention removed seq 1 to 3, but no line of the chain says so");
        LedgerFiles.repair(directory).close();
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
        assertThat(LedgerCheck.of(folder(directory)).gaps())
                .singleElement()
                .asString()
                .startsWith("seq 1 to 3 are missing");
        assertThat(ids(directory)).isEqualTo(named(4, 11));
    }

    /** Whoever removes a segment just while retention is at work does not do it unseen. */
    @Test
    void aSegmentRemovedByOthersMeanwhileIsFound() throws IOException {
        var segments = written(directory, 11).segments();
        Cursors cursors = writer -> {
            try {
                Files.deleteIfExists(segments.get(2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return 4;
        };
        try (var ledger =
                Ledger.open(directory, retaining(Duration.ZERO, 1), new LedgerOptions(/* repair= */ false, cursors))) {
            assertThat(ledger.removeOld(TIME)).containsExactly(segments.get(0));
            assertThat(ledger.restorations()).isZero();
            ledger.check();
            assertThat(ledger.restorations()).isOne();
        }
        assertThat(ids(directory)).containsExactly("r4", "r5", "r6", "r10", "r11");
    }

    @Test
    void whatCannotBeRemovedIsAnnouncedOnce() throws IOException {
        written(directory, 11);
        var announced = new ArrayList<LedgerEntry>();
        var steps = new Removal.Steps() {
            @Override
            public void announce(LedgerEntry entry) throws IOException {
                announced.add(entry);
            }

            @Override
            public void removed(Path segment) {
                throw new IllegalStateException("as if it could not be removed");
            }
        };
        var segments = folder(directory).segments();
        var first = Files.readAllBytes(segments.get(0));
        var removal = new Removal(folder(directory), new LedgerConfig.Retention(Duration.ZERO, 1));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> removal.run(4, TIME, steps)).isInstanceOf(IllegalStateException.class);
            Files.write(segments.get(0), first);
        }
        assertThat(announced).hasSize(1);
    }

    @Test
    void anAnnouncementIsForcedWithoutFsyncToo() throws IOException {
        written(directory, 11);
        var disk = new FailingDisk();
        var options = new LedgerOptions(/* repair= */ false, writer -> Long.MAX_VALUE, disk);
        try (var ledger = Ledger.open(directory, retaining(Duration.ZERO, 1), options)) {
            disk.forces = false;
            assertThatThrownBy(() -> ledger.removeOld(TIME)).isInstanceOf(IOException.class);
            assertThat(folder(directory).markers().retained()).isEqualTo(ChainPoint.GENESIS);
            assertThat(folder(directory).segments()).hasSize(4);
            disk.forces = true;
            assertThat(ledger.removeOld(TIME)).hasSize(3);
        }
        assertIntact();
    }

    @Test
    void whatWasRemovedIsTold() throws IOException {
        written(directory, 11);
        try (var ledger = followed(4)) {
            assertThat(ledger.removeOld(TIME)).hasSize(1);
        }
        assertThat(LedgerCheck.of(folder(directory)).removedThrough()).isEqualTo(3);
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
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
