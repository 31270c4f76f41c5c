package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ServingException;
import dev.augur.model.Model;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Runs of one model beside and after each other, in memory that is used again. */
class OnnxModelTest {
    private static final Path REPOSITORY = Path.of("src", "test", "resources", "repository");

    @Test
    void outputsStayAsTheyWereWhenTheModelRunsAgain() throws Exception {
        try (Model model = load("doubler")) {
            var first = model.predict(List.of(column("feature_value", 1, 2)), List.of("prediction"), new Run());
            var second = model.predict(List.of(column("feature_value", 30, 40)), List.of("prediction"), new Run());
            assertThat(floats(first.get(0))).containsExactly(2f, 4f);
            assertThat(floats(second.get(0))).containsExactly(60f, 80f);
        }
    }

    @Test
    void eachOfManyRunsAtOnceGetsItsOwnRows() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try (Model model = load("doubler")) {
            var runs = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 400; i++) {
                // up to 128 KB, so that some do not fit into the memory that is used again
                int rows = i % 10 == 0 ? 16_000 + i * 40 : 1 + i * 7;
                runs.add(() -> doubles(model, rows));
            }
            for (var done : threads.invokeAll(runs)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theMemoryOfLargeInputsGoesBackWithTheirRun() throws Exception {
        try (Model model = load("doubler")) {
            long before = outsideBytes();
            for (int run = 0; run < 3; run++) {
                doubles(model, 1_000_000);
                assertThat(outsideBytes()).isEqualTo(before);
            }
            var memory = new RunMemory.Stock().take();
            var large = memory.allocate(1 << 20);
            assertThat(large.remaining()).isEqualTo(1 << 20);
            assertThat(large.alignmentOffset(0, 64)).isZero();
            assertThat(outsideBytes()).isGreaterThan(before + (1 << 20) - 1);
            memory.close();
            assertThat(outsideBytes()).isEqualTo(before);
        }
    }

    private static long outsideBytes() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void outputsMayHaveOtherRowsThanTheInputs() throws Exception {
        try (Model model = load("broken_fails_at_run")) {
            assertThat(model.metadata().outputs().get(0).shape()).isEqualTo(Shape.of(-1, 7));
            for (int rows : new int[] {1, 2, 3}) {
                var x = tensor("x", Shape.of(7L * rows), new float[7 * rows]);
                var y = model.predict(List.of(x), List.of("y"), new Run()).get(0);
                assertThat(y.shape()).isEqualTo(Shape.of(rows, 7));
            }
        }
    }

    @Test
    void goesOnAfterARunThatFailed() throws Exception {
        try (Model model = load("broken_fails_at_run")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() ->
                                model.predict(List.of(tensor("x", Shape.of(3), new float[3])), List.of("y"), new Run()))
                        .isInstanceOf(ServingException.class)
                        .hasMessage("model \"broken_fails_at_run\" failed on these inputs");
                var x = tensor("x", Shape.of(7), new float[] {1, 2, 3, 4, 5, 6, 7});
                assertThat(floats(model.predict(List.of(x), List.of("y"), new Run())
                                .get(0)))
                        .containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 7f);
            }
        }
    }

    private static Void doubles(Model model, int rows) {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = rows + i;
        }
        var x = column("feature_value", values);
        var y = floats(
                model.predict(List.of(x), List.of("prediction"), new Run()).get(0));
        assertThat(y).hasSize(rows);
        for (int i = 0; i < rows; i++) {
            assertThat(y[i]).isEqualTo(2 * values[i]);
        }
        return null;
    }

    private static Model load(String name) throws Exception {
        return new OnnxModelLoader().load(new ModelSource(name, "1", REPOSITORY.resolve(name + "/1"), 1));
    }

    private static Tensor column(String name, float... values) {
        return tensor(name, Shape.of(values.length, 1), values);
    }

    private static Tensor tensor(String name, Shape shape, float[] values) {
        var data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor(name, DataType.FP32, shape, data);
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.count()];
        tensor.elements().asFloatBuffer().get(values);
        return values;
    }
}
