package dev.augur.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.feature.FeatureValue.Status;
import dev.augur.feature.LookupFailure;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a value: the table of {@code src/docs/STORES.md}. */
class FeatureTensorTest {
    private static final String REFUSED = "refused";

    /** A value, and what it is in BOOL, UINT8, INT64, FP32, FP64 and BYTES. */
    static Stream<Arguments> table() {
        return Stream.of(
                row(true, "true", "1", "1", "1.0", "1.0", REFUSED),
                row(false, "false", "0", "0", "0.0", "0.0", REFUSED),
                row(1L, "true", "1", "1", "1.0", "1.0", "1"),
                row(200L, REFUSED, "200", "200", "200.0", "200.0", "200"),
                row(-1L, REFUSED, REFUSED, "-1", "-1.0", "-1.0", "-1"),
                row(16_777_217L, REFUSED, REFUSED, "16777217", "1.6777216E7", "1.6777217E7", "16777217"),
                row(
                        Long.MAX_VALUE,
                        REFUSED,
                        REFUSED,
                        "9223372036854775807",
                        "9.223372E18",
                        "9.223372036854775807E18",
                        "9223372036854775807"),
                row(1.0, "true", "1", "1", "1.0", "1.0", REFUSED),
                row(0.5, REFUSED, REFUSED, REFUSED, "0.5", "0.5", REFUSED),
                row(0.1, REFUSED, REFUSED, REFUSED, "0.1", "0.1", REFUSED),
                row(1e300, REFUSED, REFUSED, REFUSED, REFUSED, "1.0E300", REFUSED),
                row("1", "true", "1", "1", "1.0", "1.0", "1"),
                row("1.5", REFUSED, REFUSED, REFUSED, "1.5", "1.5", "1.5"),
                row(" 7  ", REFUSED, "7", "7", "7.0", "7.0", " 7  "),
                row(
                        "9007199254740993",
                        REFUSED,
                        REFUSED,
                        "9007199254740993",
                        "9.007199E15",
                        "9.007199254740992E15",
                        "9007199254740993"),
                row("True", "true", "1", "1", "1.0", "1.0", "True"),
                row("FALSE", "false", "0", "0", "0.0", "0.0", "FALSE"),
                row("007", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "007"),
                row("1,5", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "1,5"),
                row("NaN", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "NaN"),
                row("1e999", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "1e999"),
                row("", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, ""),
                row("red", REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, "red"));
    }

    private static Arguments row(Object value, String... expected) {
        return Arguments.of(value, List.of(expected));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyValueInEveryKindOfInput(Object value, List<String> expected) {
        var types =
                List.of(DataType.BOOL, DataType.UINT8, DataType.INT64, DataType.FP32, DataType.FP64, DataType.BYTES);
        var made = new ArrayList<String>();
        for (DataType type : types) {
            try {
                made.add(String.valueOf(made(type, value, Status.FRESH, new ArrayList<>())));
            } catch (ServingException refusal) {
                made.add(REFUSED);
            }
        }
        var wanted = new ArrayList<String>();
        for (int i = 0; i < types.size(); i++) {
            boolean floats = types.get(i) == DataType.FP32 || types.get(i) == DataType.FP64;
            boolean refused = expected.get(i).equals(REFUSED);
            wanted.add(refused || !floats ? expected.get(i) : floating(types.get(i), expected.get(i)));
        }
        assertThat(made).isEqualTo(wanted);
    }

    @ParameterizedTest
    @EnumSource(DataType.class)
    void takesATruthValueWhereverItLosesNothing(DataType type) {
        if (type != DataType.BYTES) {
            var one = String.valueOf(made(type, true, Status.OVERRIDDEN, new ArrayList<>()));
            assertThat(one).isIn("1", "1.0", "true");
        }
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void whatTheRequestGaveIsItsFaultAndTheRestIsCounted(Status status) {
        var faults = new ArrayList<LookupFailure>();
        boolean given = status == Status.OVERRIDDEN;
        assertThatThrownBy(() -> made(DataType.FP32, "red", status, faults))
                .isInstanceOfSatisfying(ServingException.class, failure -> assertThat(failure.code())
                        .isEqualTo(given ? ErrorCode.INVALID_ARGUMENT : ErrorCode.FEATURES_UNAVAILABLE));
        assertThat(faults).isEqualTo(given ? List.of() : List.of(LookupFailure.UNFIT));
    }

    private static String floating(DataType type, String number) {
        return type == DataType.FP32
                ? String.valueOf(Float.parseFloat(number))
                : String.valueOf(Double.parseDouble(number));
    }

    private static Object made(DataType type, Object value, Status status, List<LookupFailure> faults) {
        var shape = Shape.of(1, 1);
        var row = new FeatureRow("k", Map.of("f", new FeatureValue(value, status, null)));
        var tensor = new FeatureTensor(new TensorMetadata("x", type, shape), faults::add).of(shape, List.of("f"), row);
        return OutputFields.value(tensor);
    }
}
