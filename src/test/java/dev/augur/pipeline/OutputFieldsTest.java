package dev.augur.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.predictionlog.Delivery;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields an answer has, and what stands in them. */
class OutputFieldsTest {
    private static final Shape ROW = Shape.of(Shape.VARIABLE);
    private static final String CLASSES = "[\"red\", \"white\"]";

    @Test
    void hasEachOutputByItsNameWhenNothingIsMapped() throws Exception {
        var fields = OutputFields.of(model(CLASSES, "label", "score"), config(Map.of(), null));
        assertThat(fields.names()).containsExactly("label", "score");
        assertThat(fields.of(List.of(number("label", 1), Tensor.ofDoubles("score", Shape.of(1, 2), 0.25, 0.75))))
                .isEqualTo(Map.of("label", 1L, "score", List.of(0.25, 0.75)));
    }

    @Test
    void hasTheNameOfTheClassBesideTheOutputOfThatName() throws Exception {
        var fields = OutputFields.of(model(CLASSES, "label"), config(Map.of(), "label"));
        assertThat(fields.names()).containsExactly("label_output", "label");
        assertThat(fields.wanted()).containsExactly("label");
        assertThat(fields.of(List.of(number("label", 1)))).isEqualTo(Map.of("label_output", 1L, "label", "white"));
    }

    @Test
    void asksTheModelForMappedOutputsOnly() throws Exception {
        var fields = OutputFields.of(model(CLASSES, "label", "score", "more"), config(Map.of("how", "score"), "label"));
        assertThat(fields.wanted()).containsExactly("score", "label");
        assertThat(fields.names()).containsExactly("how", "label");
    }

    @Test
    void refusesWhatTheModelDoesNotHave() {
        assertFault(model(CLASSES, "score"), config(Map.of("how", "size"), null), "no output \"size\", only [score]");
        assertFault(model(CLASSES, "score"), config(Map.of(), "kind"), "no output \"kind\"");
        assertFault(model("[]", "kind"), config(Map.of(), "kind"), "no class_names");
        assertFault(model("no JSON", "kind"), config(Map.of(), "kind"), "no class_names");
        assertFault(model(CLASSES, "kind"), config(Map.of("label", "kind"), "kind"), "has a field \"label\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, Long.MAX_VALUE})
    void failsWhenTheNumberIsNoClass(long number) throws Exception {
        var fields = OutputFields.of(model(CLASSES, "kind"), config(Map.of(), "kind"));
        assertFailed(fields, number("kind", number), "holds " + number + ", which is none of its 2 classes");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void failsOnWhatJsonCannotExpress(double value) throws Exception {
        var fields = OutputFields.of(model(CLASSES, "score"), config(Map.of(), null));
        assertFailed(fields, Tensor.ofDoubles("score", Shape.of(1, 2), 1, value), "\"score\" holds " + value);
    }

    private static void assertFailed(OutputFields fields, Tensor output, String message) {
        var failure = catchThrowableOfType(ServingException.class, () -> fields.of(List.of(output)));
        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.code()).isEqualTo(ErrorCode.PREDICTION_FAILED);
    }

    private static void assertFault(ModelMetadata model, PipelineConfig config, String message) {
        assertThatThrownBy(() -> OutputFields.of(model, config))
                .isInstanceOf(PipelineFault.class)
                .hasMessageContaining(message);
    }

    private static Tensor number(String name, long value) {
        var data =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return new Tensor(name, DataType.INT64, Shape.of(1), data.flip());
    }

    private static ModelMetadata model(String classNames, String... outputs) {
        var all = List.of(outputs).stream()
                .map(name -> new TensorMetadata(name, DataType.FP64, ROW))
                .toList();
        return new ModelMetadata("wine", "1", "test", List.of(), all, Map.of("class_names", classNames));
    }

    private static PipelineConfig config(Map<String, String> outputs, String label) {
        var limits = new PipelineConfig.Limits(Duration.ofSeconds(1), 10, 100);
        return new PipelineConfig(
                "wine",
                "store",
                "wine",
                Optional.empty(),
                Map.of(),
                outputs,
                Optional.ofNullable(label),
                limits,
                Delivery.OFF);
    }
}
