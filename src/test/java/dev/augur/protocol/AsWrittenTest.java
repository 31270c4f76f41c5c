package dev.augur.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The elements of inputs as their client wrote them, for the record. */
class AsWrittenTest {
    @Test
    void isThereForFlatArraysOfPlainNumbers() {
        assertThat(texts("{\"inputs\":[" + input("a", "FP32", "[3]", "[ 1.50,\t2e0 , -1]") + ","
                        + input("b", "INT64", "[2]", "[1,-2]") + "]}"))
                .isEqualTo(Map.of("a", " 1.50,\t2e0 , -1", "b", "1,-2"));
    }

    @Test
    void isThereWhereDataComesBeforeWhatItNeeds() {
        assertThat(texts("{\"inputs\":[{\"data\":[1.0,2],\"name\":\"a\",\"shape\":[2],\"datatype\":\"FP64\"}]}"))
                .isEqualTo(Map.of("a", "1.0,2"));
    }

    @Test
    void isNotThereForAnythingElse() {
        assertThat(texts("{\"inputs\":[" + input("nested", "FP32", "[1,2]", "[[1,2]]") + ","
                        + input("lines", "FP32", "[2]", "[1,\n2]") + ","
                        + input("flags", "BOOL", "[1]", "[true]") + ","
                        + input("texts", "BYTES", "[1]", "[\"1\"]") + ","
                        + input("none", "FP32", "[0]", "[]") + ","
                        + input("digits", "FP32", "[1]", "[0." + "0".repeat(100) + "]") + ","
                        + input("blanks", "FP32", "[1]", "[" + " ".repeat(100) + "1]") + "]}"))
                .isEmpty();
    }

    /** A replay, and whoever else goes by way of doubles, is to send the same floats again. */
    @Test
    void isNotThereWhereAnotherReaderMayTakeItForAnotherNumber() {
        double middle = (1f + (double) Math.nextUp(1f)) / 2;
        var above = new BigDecimal(middle).add(new BigDecimal("1e-24")).toPlainString(); // as a double it is the middle
        assertThat(Float.parseFloat(above)).isNotEqualTo((float) Double.parseDouble(above));
        assertThat(texts(
                        "{\"inputs\":[" + input("middle", "FP32", "[2]", "[1.50000000000000000000," + above + "]") + ","
                                + input("zero", "FP32", "[2]", "[-0,1]") + ","
                                + input("point", "FP64", "[2]", "[-0.0,1]") + "]}"))
                .isEmpty();
    }

    @Test
    void ofANameThatIsGivenTwiceItIsTheLast() {
        assertThat(texts("{\"inputs\":[" + input("a", "FP32", "[1]", "[1]") + "," + input("a", "FP32", "[1,1]", "[[2]]")
                        + "]}"))
                .isEmpty();
    }

    private static String input(String name, String datatype, String shape, String data) {
        return "{\"name\":\"" + name + "\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape + ",\"data\":" + data
                + "}";
    }

    private static Map<String, String> texts(String body) {
        byte[] bytes = body.getBytes(UTF_8);
        var call = InferenceRequestReader.read(new RequestBody(bytes, bytes.length, memory -> {}), "model", null);
        return call.texts().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        text -> new String(
                                text.getValue().bytes(),
                                text.getValue().from(),
                                text.getValue().length(),
                                UTF_8)));
    }
}
