package dev.augur.predictionlog.ledger;

import static dev.augur.predictionlog.ledger.LedgerFiles.folder;
import static dev.augur.predictionlog.ledger.LedgerFiles.lines;
import static dev.augur.predictionlog.ledger.LedgerFiles.repair;
import static dev.augur.predictionlog.ledger.LedgerFiles.seqs;
import static dev.augur.predictionlog.ledger.LedgerFiles.written;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.predictionlog.ledger.DamageTest.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a repair keeps, and what it sets aside. */
class RepairTest {
    private static final int RECORDS = 11;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(Damage.class)
    void aRepairKeepsEveryLineThatIsAsItWasWritten(Damage damage) throws IOException {
        var check = new ChainCheck(written(directory, RECORDS).id(), 1);
        damage.on(folder(directory).segments().get(damage.segment));
        var good = new TreeSet<Long>();
        for (Path segment : folder(directory).segments()) {
            for (String line : lines(segment)) {
                var bytes = line.getBytes(StandardCharsets.UTF_8);
                good.add(check.wholeSeq(bytes, 0, bytes.length));
            }
        }
        if (damage == Damage.TORN_IN_THE_MIDDLE) {
            assertThat(good).hasSize(RECORDS);
        }
        good.remove(-1L);
        repair(directory).close();
        assertThat(seqs(directory)).containsExactlyElementsOf(good);
    }

    @Test
    void aRepairSetsAsideTheDamagedLinesAlone() throws IOException {
        var segment = written(directory, RECORDS).segments().get(1);
        Damage.ONE_BYTE_ALTERED.on(segment);
        var bad = lines(segment).get(1);
        repair(directory).close();
        assertThat(lines(segment.resolveSibling("damaged").resolve(segment.getFileName() + ".1")))
                .containsExactly(bad);
        var result = LedgerCheck.of(folder(directory));
        assertThat(result.records()).isEqualTo(RECORDS - 1L);
        assertThat(result.gaps()).singleElement().asString().startsWith("seq 5 is missing, noted at ");
        assertThat(result.setAside())
                .containsExactly("damaged/" + segment.getFileName() + ".1, "
                        + (bad.getBytes(StandardCharsets.UTF_8).length + 1) + " bytes");
    }

    /**
     * As after a copy of the folder was gone on with: of two lines of one seq, the one that cannot stay is set aside.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRepairLosesNoLineOfTwoHistories(boolean damaged) throws IOException {
        var segment = written(directory, 5).segments().get(1);
        var before = Files.readAllLines(segment);
        var last = SegmentScan.ends(segment, folder(directory).id()).end();
        var other = new ChainWriter(folder(directory).id(), last);
        var forged = LedgerFiles.line(other, LedgerFiles.entry("x6"));
        written(directory, 7);
        LedgerFiles.write(segment.resolveSibling("00000000000000000005.ndjson"), List.of(before.get(1), forged));
        var all = new TreeSet<>(everyLine());
        if (damaged) {
            Damage.ONE_BYTE_ALTERED.on(segment);
            all.addAll(everyLine());
        }
        repair(directory).close();
        assertThat(everyLine()).containsAll(all);
        assertThat(seqs(directory)).isSorted().doesNotHaveDuplicates();
        assertThat(LedgerCheck.of(folder(directory)).fault()).isNull();
    }

    private List<String> everyLine() throws IOException {
        var every = new ArrayList<String>();
        try (var files = Files.walk(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().contains(".ndjson")).toList()) {
                every.addAll(lines(file));
            }
        }
        return every;
    }
}
