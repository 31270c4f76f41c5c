package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.json.JsonText;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
    private final RecordJson json = new RecordJson();

    @Test
    void writesOneFlatObjectWithoutWhatIsAbsent() throws Exception {
        assertThat(text(record("a")))
                .isEqualTo("{\"schema_version\":1,\"record_id\":\"a\",\"item_id\":43,\"endpoint\":\"/predict/wine\","
                        + "\"node\":\"node\",\"model\":\"doubler\",\"status\":\"OK\",\"received_at\":\"2026-01-02T03:04:05.000006Z\","
                        + "\"inputs\":{\"feature_value\":21.0},"
                        + "\"features\":[{\"name\":\"metadata\",\"value\":\"value\",\"status\":\"FRESH\"}],"
                        + "\"outputs\":{\"prediction\":42.0}}");
    }

    @Test
    void writesEveryKindOfValue() throws Exception {
        var values = new LinkedHashMap<String, Object>();
        values.put("text", "a \"quote\"\nand \u00e4");
        values.put("long", Long.MIN_VALUE);
        values.put("float", 0.1f);
        values.put("double", 1e300);
        values.put("large", new BigInteger("18446744073709551615"));
        values.put("exact", new BigDecimal("0.10"));
        values.put("not a number", Double.NaN);
        values.put("flag", true);
        values.put("list", Arrays.asList(1, null, List.of("x")));
        values.put("map", Map.of("k", 1));
        assertThat(text(record("a", values)))
                .contains(
                        "\"inputs\":{\"text\":\"a \\\"quote\\\"\\nand \u00e4\",\"long\":-9223372036854775808,\"float\":0.1,"
                                + "\"double\":1.0E300,\"large\":18446744073709551615,\"exact\":0.10,\"not a number\":\"NaN\",\"flag\":true,"
                                + "\"list\":[1,null,[\"x\"]],\"map\":{\"k\":1}}");
    }

    @Test
    void keepsATensorWholeUpToALimitAndItsDigestBeyond() throws Exception {
        var tensor = Tensor.ofDoubles("x", Shape.of(1, 2), 1, 2.5);
        var line = new JsonObject(text(record("a", RecordedTensor.all(List.of(tensor), 16))));
        assertThat(line.getJsonObject("inputs").getJsonObject("x"))
                .isEqualTo(new JsonObject()
                        .put("datatype", "FP64")
                        .put("shape", JsonArray.of(1, 2))
                        .put("data", JsonArray.of(1.0, 2.5)));

        line = new JsonObject(text(record("a", RecordedTensor.all(List.of(tensor), 15))));
        assertThat(line.getJsonObject("inputs").getJsonObject("x").encode())
                .isEqualTo(
                        "{\"datatype\":\"FP64\",\"shape\":[1,2],\"bytes\":16,"
                                + "\"sha256\":\"c6ad216abff91aa37070d9012c162428d6161215fb7d8c030338f8f85cc0ac30\",\"truncated\":true}");
    }

    @Test
    void aTensorThatCameAsNumbersHasThemAsTheyCame() throws Exception {
        var tensor = Tensor.ofFloats("x", Shape.of(3), 1, 2.5f, 0);
        var text = new JsonText("[1.0, 25e-1,-0]".getBytes(StandardCharsets.UTF_8), 1, 14);
        assertThat(text(record("a", RecordedTensor.all(List.of(tensor), Map.of("x", text), 12))))
                .contains("\"inputs\":{\"x\":{\"datatype\":\"FP32\",\"shape\":[3],\"data\":[1.0, 25e-1,-0]}}");
        assertThat(text(record("a", RecordedTensor.all(List.of(tensor), Map.of("x", text), 11))))
                .contains("\"bytes\":12,\"sha256\":");
    }

    @Test
    void anOutcomeHasATypeAndTheDigitsItCameWith() throws Exception {
        var record = new OutcomeRecord(1, "outcome", "o", "p", "node", Instant.EPOCH, null, new BigDecimal("0.100"));
        assertThat(text(record))
                .isEqualTo(
                        "{\"schema_version\":1,\"type\":\"outcome\",\"record_id\":\"o\",\"prediction_id\":\"p\",\"node\":\"node\","
                                + "\"received_at\":\"1970-01-01T00:00:00.000000Z\",\"outcome\":0.100}");
    }

    @Test
    void saysWhatItCannotWrite() {
        assertThatThrownBy(() -> json.encode(record("a", Map.of("x", new Object()))))
                .isInstanceOf(UnwritableRecordException.class)
                .hasMessageContaining("no JSON for java.lang.Object");
    }

    private String text(LogRecord record) throws UnwritableRecordException {
        return new String(json.encode(record), StandardCharsets.UTF_8);
    }
}
