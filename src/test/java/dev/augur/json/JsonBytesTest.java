package dev.augur.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBytesTest {
    private static final int[] LIMITS = {0x20, 0x80, 0x100, 0x800, 0xD800, 0xE000, 0x10000};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyTextIsReadBackAsItWas(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            String text = text(random);
            var json = array(text);
            assertThat(json.indexOf('\n')).isNegative();
            assertThat(new JsonArray(json).getString(0)).isEqualTo(text);
        }
    }

    @Test
    void aHalfOfASurrogatePairIsKept() {
        assertThat(array("a\ud800b\udc00")).isEqualTo("[\"a\\ud800b\\udc00\"]");
        assertThat(array("\ud83d\ude00")).isEqualTo("[\"\ud83d\ude00\"]");
    }

    @Test
    void commasStandBetweenWhatFollowsOnAnother() {
        var json = new JsonBytes(new byte[0]);
        json.begin('{');
        json.name("a");
        json.begin('[');
        json.begin('{');
        json.end('}');
        json.number(1L);
        json.literal("null");
        json.end(']');
        json.name("b");
        json.number(-0.5);
        json.end('}');
        assertThat(text(json)).isEqualTo("{\"a\":[{},1,null],\"b\":-0.5}");
    }

    @Test
    void numbersKeepWhatTheirTypeHas() {
        var json = new JsonBytes(new byte[0]);
        json.begin('[');
        json.number(0.1f);
        json.number(0.1);
        json.number(Float.MIN_VALUE);
        json.number(Double.MAX_VALUE);
        json.number(Double.NaN);
        json.number(Float.NEGATIVE_INFINITY);
        json.end(']');
        assertThat(text(json)).isEqualTo("[0.1,0.1,1.4E-45,1.7976931348623157E308,\"NaN\",\"-Infinity\"]");
    }

    /** Up to a few thousand characters of all lengths in UTF-8, most of them plain. */
    private static String text(Random random) {
        var text = new StringBuilder();
        int length = random.nextInt(round(random));
        for (int i = 0; i < length; i++) {
            int limit = LIMITS[random.nextInt(LIMITS.length)];
            char c = (char) random.nextInt(limit);
            if (Character.isSurrogate(c)) {
                text.appendCodePoint(0x10000 + random.nextInt(0x100000));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static int round(Random random) {
        return random.nextInt(20) == 0 ? 3_000 : 40;
    }

    private static String array(String text) {
        var json = new JsonBytes(new byte[0]);
        json.begin('[');
        json.string(text);
        json.end(']');
        return text(json);
    }

    private static String text(JsonBytes json) {
        return new String(json.toByteArray(), StandardCharsets.UTF_8);
    }
}
