package dev.augur.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of all kinds, where a page could take them for something else. */
class NameTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "iris                         | `iris`",
                "<img src=x onerror=alert(1)> | `<img src=x onerror=alert(1)>`",
                "a`b` **c**                   | `a'b' **c**`",
                "[x](javascript:alert(1))     | `[x](javascript:alert(1))`",
            })
    void isCodeInADescription(String name, String code) {
        assertThat(NameText.code(name)).isEqualTo(code);
    }

    @Test
    void endsNoCodeByALineOrByBeingEmpty() {
        assertThat(NameText.code("a\n\n<b>")).isEqualTo("`a <b>`");
        assertThat(NameText.code(" ")).isEqualTo("\"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<b>", "a*b*", "[a](b)", "`", "", " a", "é\n", "a_b_c>"})
    void isNoExampleIfItIsNotPlain(String name) {
        assertThat(NameText.isPlain(name)).isFalse();
    }

    @Test
    void isEncodedInAPath() {
        assertThat(NameText.encoded("a b/{c}+%2e")).isEqualTo("a%20b%2F%7Bc%7D%2B%252e");
        assertThat(NameText.identifier("bge-small.en v1.5")).isEqualTo("bge_small_en_v1_5");
    }
}
