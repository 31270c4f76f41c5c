package dev.augur.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.tensor.DataType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A number that is read fast is the number that the JDK reads. */
class NumberScannerTest {
    private static final int MANY = 300_000;
    private final ByteBuffer elements = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0",
                "0e9",
                "1",
                "-1",
                "16777216",
                "16777217",
                "16777219",
                "9007199254740993",
                "999999999999999999",
                "1000000000000000000",
                "123456789012345678901234567890",
                "0.1",
                "0.30000001192092896",
                "1.1754943508222875e-38",
                "1.17549435e-38",
                "1.4e-45",
                "7.006492321624085e-46",
                "7.1e-46",
                "1e-400",
                "3.4028234663852886e38",
                "3.4028235677973366e38",
                "1e22",
                "1e23",
                "9007199254740993e22",
                "2.2250738585072011e-308",
                "2.2250738585072014e-308",
                "4.9e-324",
                "2.4703282292062327e-324",
                "1.7976931348623157e308",
                "8.5899345920000001e9",
                "0.000000000000000000000000000000012345678901234567890",
                "1.00000017881393432617187499",
                "1.00000017881393432617187500",
                "1.00000017881393432617187501",
                "1E5",
                "1e+5",
                "1e-5",
                "0.00001e0005"
            })
    void readsWhatTheJdkReads(String number) {
        same(number);
    }

    @Test
    void readsFloatsAsTheyArePrinted() {
        var random = new Random(1);
        for (int i = 0; i < MANY; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(value)) {
                same(Float.toString(value));
                same(Double.toString(value)); // as Python writes a float of 32 bits
            }
        }
    }

    @Test
    void readsDoublesAsTheyArePrinted() {
        var random = new Random(2);
        for (int i = 0; i < MANY; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                same(Double.toString(value));
            }
            same(Double.toString(random.nextDouble()));
        }
    }

    /** The decimals at which a float and a double change to the next one, and their neighbours. */
    @Test
    void readsTheMiddleOfTwoNumbers() {
        var random = new Random(3);
        for (int i = 0; i < MANY / 10; i++) {
            float value = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
            if (Float.isFinite(value) && Float.isFinite(Math.nextUp(value))) {
                middle(new BigDecimal(value), new BigDecimal(Math.nextUp(value)), random);
            }
            double wide = random.nextDouble() * Math.pow(10, random.nextInt(40) - 20);
            middle(new BigDecimal(wide), new BigDecimal(Math.nextUp(wide)), random);
        }
    }

    private void middle(BigDecimal low, BigDecimal high, Random random) {
        var middle = low.add(high).divide(BigDecimal.valueOf(2), MathContext.UNLIMITED);
        same(middle.toPlainString());
        same(middle.toString());
        same(middle.round(new MathContext(1 + random.nextInt(20))).toString());
    }

    @Test
    void readsAnyDigits() {
        var random = new Random(4);
        for (int i = 0; i < MANY; i++) {
            same(digits(random, 1 + random.nextInt(25))
                    + '.'
                    + digits(random, 1 + random.nextInt(25))
                    + 'e'
                    + (random.nextInt(60) - 30));
        }
    }

    private static String digits(Random random, int length) {
        var digits = new StringBuilder().append(1 + random.nextInt(9));
        while (digits.length() < length) {
            digits.append(random.nextInt(3) == 0 ? 0 : random.nextInt(10));
        }
        return digits.toString();
    }

    private void same(String number) {
        float single = Float.parseFloat(number);
        if (scan(DataType.FP32, '[' + number + ']') == 1) {
            assertThat(Float.floatToRawIntBits(elements.getFloat(0)))
                    .as(number)
                    .isEqualTo(Float.floatToRawIntBits(single));
        } else {
            assertThat(single).as(number).isInfinite();
        }
        double wide = Double.parseDouble(number);
        if (scan(DataType.FP64, '[' + number + ']') == 1) {
            assertThat(Double.doubleToRawLongBits(elements.getDouble(0)))
                    .as(number)
                    .isEqualTo(Double.doubleToRawLongBits(wide));
        } else {
            assertThat(wide).as(number).isInfinite();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, -128, 127, -129, 128",
        "UINT8, 0, 255, -1, 256",
        "INT32, -2147483648, 2147483647, -2147483649, 2147483648",
        "INT64, -99999999999999999, 99999999999999999, -9223372036854775809, 9223372036854775808"
    })
    void readsIntegersWithinTheirRange(DataType datatype, long low, long high, String below, String above) {
        for (long value : new long[] {low, high}) {
            assertThat(scan(datatype, "[" + value + "]")).isEqualTo(1);
            assertThat(read(datatype)).isEqualTo(value);
        }
        assertThat(scan(datatype, "[" + below + "]")).isEqualTo(NumberScanner.NOT_PLAIN);
        assertThat(scan(datatype, "[" + above + "]")).isEqualTo(NumberScanner.NOT_PLAIN);
        assertThat(scan(datatype, "[1.0]")).isEqualTo(NumberScanner.NOT_PLAIN);
        assertThat(scan(datatype, "[1e0]")).isEqualTo(NumberScanner.NOT_PLAIN);
    }

    private long read(DataType datatype) {
        return switch (datatype) {
            case INT8 -> elements.get(0);
            case UINT8 -> Byte.toUnsignedInt(elements.get(0));
            case INT32 -> elements.getInt(0);
            default -> elements.getLong(0);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[]",
                "[ ]",
                "[,1]",
                "[1",
                "[1,",
                "[1,]",
                "[1,2]",
                "[1 2]",
                "[1;2]",
                "[01]",
                "[-]",
                "[-a]",
                "[+1]",
                "[.5]",
                "[1.]",
                "[1.e5]",
                "[1e]",
                "[1e+]",
                "[1e99999]",
                "[1e400]",
                "[NaN]",
                "[Infinity]",
                "[-Infinity]",
                "[null]",
                "[\"1\"]",
                "[true]",
                "[[1]]",
                "[1}",
                "[0x1]",
                "[1f]",
                "[1_0]",
                "[\n1]",
                "[1\r]",
                "[1\u00a0]",
                "[--1]"
            })
    void leavesEverythingElseToTheTokens(String array) {
        assertThat(scan(DataType.FP32, array)).isEqualTo(NumberScanner.NOT_PLAIN);
    }

    @Test
    void standsAtTheEndOfTheArray() {
        byte[] json = "[ -1.5 ,\t2 ] , 3]".getBytes(StandardCharsets.UTF_8);
        var scanner = new NumberScanner(json, 1, json.length);
        assertThat(scanner.read(DataType.FP32, ByteBuffer.allocate(8), 2)).isEqualTo(2);
        assertThat(scanner.at()).isEqualTo(11);
    }

    /** How many numbers there are in an array for which there is room for one. */
    private int scan(DataType datatype, String array) {
        byte[] json = array.getBytes(StandardCharsets.UTF_8);
        return new NumberScanner(json, Math.min(1, json.length), json.length).read(datatype, elements.clear(), 1);
    }
}
