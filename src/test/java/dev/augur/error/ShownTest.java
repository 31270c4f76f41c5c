package dev.augur.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What others sent, as messages and the log show it. */
class ShownTest {
    @Test
    void cutsWhatIsTooLongAndSaysSo() {
        assertThat(Shown.cut("abc", 3)).isEqualTo("abc");
        assertThat(Shown.cut("abcd", 3)).isEqualTo("abc…");
        assertThat(Shown.cut("", 0)).isEmpty();
    }

    @Test
    void leavesNoHalfOfACharacter() {
        assertThat(Shown.cut("ab😀cd", 3)).isEqualTo("ab…");
        assertThat(Shown.cut("ab😀cd", 4)).isEqualTo("ab😀…");
        assertThat(Shown.beginning("😀", 1)).isEmpty();
    }

    @Test
    void quotesAndEscapesWhatWouldBreakTheLine() {
        assertThat(Shown.text("a\"b\nc")).isEqualTo("\"a\\\"b\\u000ac\"");
        assertThat(Shown.text("x".repeat(65))).isEqualTo("\"" + "x".repeat(64) + "…\"");
        assertThat(Shown.value(7L)).isEqualTo("7");
        assertThat(Shown.line("two\nlines" + "x".repeat(1_000)))
                .startsWith("two lines")
                .hasSize(500);
    }

    @Test
    void tellsWhatComesAgainAndAgainMoreAndMoreRarely() {
        assertThat(LongStream.rangeClosed(1, 100).filter(Repeated::tells))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L);
    }
}
