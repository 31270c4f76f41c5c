package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.model.JavaModel;
import dev.augur.model.ModelMetadata;
import dev.augur.model.RowIndependence;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is known, what a trial finds and what the operator says, and which of them wins. */
@ExtendWith(VertxExtension.class)
class RowCheckTest {
    private static final ModelConfig.Batching DEFAULT = batching(32, /* ordered= */ false);
    private static final ModelConfig.Batching ORDERED = batching(8, /* ordered= */ true);

    private Vertx vertx;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void aModelThatDeclaresNothingIsBatchedIfATrialFindsNoDifference() {
        assertThat(decide(doubler(), DEFAULT)).isEqualTo(BatchDecision.INDEPENDENT);
    }

    @Test
    void aTrialFindsWhatRowsDoToEachOther() {
        var ranks = model(values -> Arrays.stream(values)
                .map(value -> (double)
                        Arrays.stream(values).filter(other -> other < value).count())
                .toArray());
        var text = decide(ranks, DEFAULT).text();
        assertThat(text).startsWith("off: output \"y\" is ").contains(" for a row alone and ");
        assertThat(decide(ranks.with(RowIndependence.YES), DEFAULT)).isEqualTo(BatchDecision.off(text.substring(5)));
    }

    @Test
    void aTrialFindsOutputsOfOtherLengths() {
        var positive =
                model(values -> Arrays.stream(values).filter(value -> value > 0).toArray());
        assertThat(decide(positive, DEFAULT).text()).startsWith("off: output \"y\" has the shape ");
    }

    @Test
    void aModelThatRefusesMadeUpValuesIsBatchedByItsProofAlone() {
        var refusing = model(values -> {
            throw new IllegalArgumentException("no such row");
        });
        assertThat(decide(refusing, DEFAULT)).isEqualTo(BatchDecision.off("no such row"));
        assertThat(decide(refusing.with(RowIndependence.YES), DEFAULT)).isEqualTo(BatchDecision.INDEPENDENT);
    }

    @Test
    void whatTakesRowsAloneButFailsOnMoreIsNotBatched() {
        var few = model(values -> {
            if (values.length > 3) {
                throw new IllegalStateException("too many");
            }
            return values;
        });
        assertThat(decide(few, DEFAULT).text()).isEqualTo("off: rows that it takes alone fail together");
    }

    @Test
    void theOperatorsWordWins() {
        var dependent = doubler().with(RowIndependence.no("it says so"));
        assertThat(decide(dependent, DEFAULT)).isEqualTo(BatchDecision.off("it says so"));
        assertThat(decide(dependent, ORDERED))
                .isEqualTo(new BatchDecision(true, "on by max-batch-size, although it says so"));
        assertThat(decide(doubler(), batching(1, /* ordered= */ true)).text()).isEqualTo("off: max-batch-size is 1");
        assertThat(decide(doubler(), batching(1, /* ordered= */ false)).text()).isEqualTo("off: max-batch-size is 1");
    }

    private BatchDecision decide(JavaModel model, ModelConfig.Batching batching) {
        return new RowCheck(vertx).decide(model, batching);
    }

    private static ModelConfig.Batching batching(int size, boolean ordered) {
        return new ModelConfig.Batching(size, Duration.ZERO, ordered);
    }

    private static JavaModel doubler() {
        return model(values -> Arrays.stream(values).map(value -> 2 * value).toArray());
    }

    private static JavaModel model(UnaryOperator<double[]> function) {
        var shape = Shape.of(Shape.VARIABLE);
        var metadata = new ModelMetadata(
                "m",
                "1",
                "test",
                List.of(new TensorMetadata("x", DataType.FP64, shape)),
                List.of(new TensorMetadata("y", DataType.FP64, shape)),
                Map.of());
        Function<List<Tensor>, List<Tensor>> predict = inputs -> {
            double[] results = function.apply(inputs.get(0).toDoubles());
            return List.of(Tensor.ofDoubles("y", Shape.of(results.length), results));
        };
        return new JavaModel(metadata, predict);
    }
}
