package dev.augur.model.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The made-up row that a model takes before its first request, and which is its example from then on. */
@ExtendWith(VertxExtension.class)
class WarmUpTest {
    private WarmUp warmUp;

    @BeforeEach
    void make(Vertx vertx) {
        warmUp = new WarmUp(vertx);
    }

    /** Answers what it is given, changed; notes each first value that it is given. */
    private record Changing(DataType type, Shape shape, DoubleUnaryOperator change, List<Object> given)
            implements Model {
        static Changing of(Shape shape, DoubleUnaryOperator change) {
            return new Changing(DataType.FP64, shape, change, new ArrayList<>());
        }

        @Override
        public ModelMetadata metadata() {
            var tensor = new TensorMetadata("x", type, shape);
            return new ModelMetadata("m", "1", "test", List.of(tensor), List.of(tensor), Map.of());
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run) {
            given.add(TensorValues.of(inputs.get(0)).get(0));
            return List.of(type == DataType.FP64 ? inputs.get(0).mapDoubles("x", change) : inputs.get(0));
        }

        @Override
        public void close() {}
    }

    @Test
    void isTheRowThatItTookAndWhatCameOfIt() {
        var doubling = Changing.of(Shape.of(Shape.VARIABLE, 3), x -> 2 * x);
        var example = warmUp.done(doubling, 3).orElseThrow();
        assertThat(doubling.given()).hasSize(3);
        assertThat(example.inputs().get(0).shape()).isEqualTo(Shape.of(1, 3));
        assertThat(example.inputs().get(0).toDoubles()).containsExactly(1, 2, 3);
        assertThat(example.outputs().get(0).toDoubles()).containsExactly(2, 4, 6);
    }

    @Test
    void isZerosForAModelThatTakesNothingElse() {
        var picky = Changing.of(Shape.of(Shape.VARIABLE, 2), x -> {
            if (x != 0) {
                throw new ServingException(ErrorCode.PREDICTION_FAILED, "no");
            }
            return x;
        });
        assertThat(warmUp.done(picky, 2).orElseThrow().inputs().get(0).toDoubles())
                .containsOnly(0);
        assertThat(picky.given()).containsExactly(1.0, 0.0, 0.0);
    }

    @Test
    void isNoneWhereJsonCannotExpressTheAnswerButTheModelIsWarm() {
        var infinite = Changing.of(Shape.of(Shape.VARIABLE), x -> Double.POSITIVE_INFINITY);
        assertThat(warmUp.done(infinite, 3)).isEmpty();
        assertThat(infinite.given()).hasSize(4); // three runs, and one to look for another row
    }

    @Test
    void isNoneForAModelThatTakesNothing() {
        var broken = Changing.of(Shape.of(Shape.VARIABLE), x -> {
            throw new ServingException(ErrorCode.PREDICTION_FAILED, "no");
        });
        assertThat(warmUp.done(broken, 3)).isEmpty();
        assertThat(broken.given()).containsExactly(1.0, 0.0);
    }

    @Test
    void isNoneWithoutRunsAndForRowsThatAreLarge() {
        var unasked = Changing.of(Shape.of(1), x -> x);
        assertThat(warmUp.done(unasked, 0)).isEmpty();
        assertThat(unasked.given()).isEmpty();
        var large = Changing.of(Shape.of(Shape.VARIABLE, 3, 224, 224), x -> x);
        assertThat(warmUp.done(large, 1)).isEmpty();
        assertThat(large.given()).hasSize(1);
        var huge = Changing.of(Shape.of(1 << 15, 1 << 15), x -> x);
        assertThat(warmUp.done(huge, 1)).isEmpty();
        assertThat(huge.given()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isThereForEveryDatatype(DataType type) {
        var model = new Changing(type, Shape.of(Shape.VARIABLE, 2), x -> x, new ArrayList<>());
        Optional<ExampleRun> example = warmUp.done(model, 1);
        var expected = type == DataType.BYTES ? "a" : type == DataType.BOOL ? "true" : "1";
        assertThat(String.valueOf(
                        TensorValues.of(example.orElseThrow().inputs().get(0)).get(0)))
                .startsWith(expected);
    }
}
