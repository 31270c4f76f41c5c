package dev.augur.feature.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyTextTest {
    @Test
    void isTheTextOfTheKey() {
        assertThat(KeyText.of(-7L, 2)).isEqualTo("-7");
        assertThat(KeyText.of("wein", 4)).isEqualTo("wein");
        assertThat(KeyText.of("", 1)).isEmpty();
    }

    @Test
    void countsBytesNotCharacters() {
        assertThat(KeyText.of("\u00e4\u00e4", 4)).isEqualTo("\u00e4\u00e4");
        assertThat(KeyText.of("\u00e4\u00e4", 3)).isNull();
        assertThat(KeyText.of("\ud83d\ude00", 3)).isNull();
        assertThat(KeyText.of("x".repeat(1 << 20), 1024)).isNull();
    }

    @Test
    void knowsNoHalfOfASurrogatePair() {
        assertThat(KeyText.of("a\ud83d", 100)).isNull();
        assertThat(KeyText.of("\ude00a", 100)).isNull();
    }

    @Test
    void limitsAreAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemoteLimits(0, 1, 1, 1, Duration.ofMillis(1)))
                .withMessage("connections must be at least 1, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RemoteLimits(1, 1, 1, 1, Duration.ofNanos(1)))
                .withMessageContaining("patience");
    }

    @Test
    void secretsHaveNoReadableForm() {
        assertThat(new Secret("hunter2")).hasToString("***");
    }
}
