package dev.augur.predictionlog.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoubtsTest {
    @TempDir
    Path folder;

    @Test
    void linesAreInDoubtUntilNobodyAsksForThem() {
        var doubts = Doubts.none(folder);
        doubts.add(20, 29);
        doubts.add(5, 6);
        doubts.add(7, 9);
        doubts.add(28, 30);
        doubts.add(12, 11);

        assertThat(inDoubt(doubts, 40))
                .isEqualTo(List.of(5L, 6L, 7L, 8L, 9L, 20L, 21L, 22L, 23L, 24L, 25L, 26L, 27L, 28L, 29L, 30L));
        doubts.forget(7);
        assertThat(doubts.contains(5)).isTrue(); // with others that may be asked for
        doubts.forget(10);
        assertThat(inDoubt(doubts, 40)).startsWith(20L);
    }

    @Test
    void whatWasStoredSinceItWasKeptIsInDoubtAtTheNextStart() throws Exception {
        var doubts = Doubts.open(folder, 100);
        assertThat(doubts.isKept()).isFalse();
        assertThat(inDoubt(doubts, 100)).isEmpty();
        doubts.add(50, 51);
        doubts.save(97);

        var again = Doubts.open(folder, 100);
        assertThat(again.isKept()).isTrue();
        assertThat(inDoubt(again, 200)).containsExactly(50L, 51L, 98L, 99L, 100L);
        assertThat(inDoubt(Doubts.open(folder, 50), 200)).containsExactly(50L); // lines were lost there
    }

    @Test
    void aFileThatCannotBeReadIsDamaged() throws Exception {
        Files.writeString(folder.resolve("doubts.json"), "{\"settled\":");

        assertThatThrownBy(() -> Doubts.open(folder, 1))
                .isInstanceOf(DamagedLedgerException.class)
                .hasMessageContaining("doubts.json");
    }

    @Test
    void ofTooManyTheNearestAreJoined() throws Exception {
        var doubts = Doubts.none(folder);
        for (long seq = 10; seq <= 20_000; seq += 10) {
            doubts.add(seq, seq);
        }
        doubts.add(30_001, 30_001);
        doubts.save(40_000);

        assertThat(LongStream.rangeClosed(1, 2_000).allMatch(seq -> doubts.contains(10 * seq)))
                .isTrue();
        assertThat(doubts.contains(25_000)).isFalse();
        assertThat(Files.size(folder.resolve("doubts.json"))).isLessThan(50_000);
    }

    private static List<Long> inDoubt(Doubts doubts, long last) {
        return LongStream.rangeClosed(1, last).filter(doubts::contains).boxed().toList();
    }
}
