package dev.augur.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is the shortest text that is read as the same number. */
class NumberTextTest {
    private static final int MANY = 500_000;
    private final byte[] bytes = new byte[NumberText.MAX_BYTES + 1];

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "-17, -17.0",
        "9999999, 9999999.0",
        "1e7, 1.0E7",
        "12345678, 1.2345678E7",
        "0.1, 0.1",
        "0.001, 0.001",
        "0.0001, 1.0E-4",
        "0.00123, 0.00123",
        "0.000999, 9.99E-4",
        "2e-3, 0.002",
        "1234.5, 1234.5",
        "1.0E23, 1.0E23",
        "2e23, 2.0E23",
        "4.9e-324, 4.9E-324",
        "9.9e-324, 9.9E-324",
        "1.7976931348623157e308, 1.7976931348623157E308",
        "2.2250738585072014e-308, 2.2250738585072014E-308",
        "9007199254740993, 9.007199254740992E15",
        "0.30000001192092896, 0.30000001192092896"
    })
    void writesADouble(double value, String text) {
        assertThat(text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "-0.0, -0.0",
        "1, 1.0",
        "0.3, 0.3",
        "1e10, 1.0E10",
        "3.4028235e38, 3.4028235E38",
        "1.4e-45, 1.4E-45",
        "1.17549435e-38, 1.1754944E-38",
        "16777216, 1.6777216E7",
        "8388608, 8388608.0",
        "0.05098039, 0.05098039",
        "2.8e-45, 2.8E-45",
        "1e-3, 0.001",
        "9.999999e-4, 9.999999E-4",
        "33554432, 3.3554432E7"
    })
    void writesAFloat(float value, String text) {
        assertThat(text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -7, 10, 99, 100, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void writesAnInteger(long value) {
        int end = NumberText.write(value, bytes, 1);
        assertThat(new String(bytes, 1, end - 1, StandardCharsets.US_ASCII)).isEqualTo(Long.toString(value));
    }

    @Test
    void writesFloatsAsJacksonsFastWriterDoes() {
        var random = new Random(5);
        for (int i = 0; i < MANY; i++) {
            check(Float.intBitsToFloat(random.nextInt()));
            check(random.nextFloat());
            check(Math.round(random.nextFloat() * 1000) / 10f);
        }
        for (int power = Float.MIN_EXPONENT - 23; power <= Float.MAX_EXPONENT; power++) {
            check((float) Math.pow(2, power));
            check(Math.nextDown((float) Math.pow(2, power)));
            check(Math.nextUp((float) Math.pow(2, power)));
        }
    }

    @Test
    void writesDoublesAsJacksonsFastWriterDoes() {
        var random = new Random(6);
        for (int i = 0; i < MANY; i++) {
            check(Double.longBitsToDouble(random.nextLong()));
            check(random.nextDouble());
            check((double) random.nextFloat());
        }
        for (int power = Double.MIN_EXPONENT - 52; power <= Double.MAX_EXPONENT; power++) {
            check(Math.pow(2, power));
            check(Math.nextDown(Math.pow(2, power)));
            check(Math.nextUp(Math.pow(2, power)));
        }
        for (int power = -323; power <= 308; power++) {
            check(Double.parseDouble("1e" + power));
        }
    }

    /** No text of one digit less is read as the same number. */
    @Test
    void writesTheFewestDigits() {
        var random = new Random(7);
        for (int i = 0; i < MANY / 10; i++) {
            float value = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
            if (Float.isFinite(value) && value > Float.MIN_NORMAL) {
                var written = new BigDecimal(text(value)).stripTrailingZeros();
                assertThat(written.floatValue()).isEqualTo(value);
                for (var rounding : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                    var shorter = new BigDecimal(value).setScale(written.scale() - 1, rounding);
                    assertThat(shorter.floatValue())
                            .as("%s for %s", shorter, value)
                            .isNotEqualTo(value);
                }
            }
        }
    }

    private void check(float value) {
        if (Float.isFinite(value)) {
            assertThat(text(value)).isEqualTo(NumberOutput.toString(value, /* useFastWriter= */ true));
        }
    }

    private void check(double value) {
        if (Double.isFinite(value)) {
            assertThat(text(value)).isEqualTo(NumberOutput.toString(value, /* useFastWriter= */ true));
        }
    }

    private String text(double value) {
        int end = NumberText.write(value, bytes, 1);
        return new String(bytes, 1, end - 1, StandardCharsets.US_ASCII);
    }

    private String text(float value) {
        int end = NumberText.write(value, bytes, 1);
        return new String(bytes, 1, end - 1, StandardCharsets.US_ASCII);
    }
}
