package dev.augur.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.model.Model;
import dev.augur.model.ModelSource;
import dev.augur.model.Run;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs that are maps in the model and a tensor here. */
class ZipMapTest {
    private static final Path REPOSITORY = Path.of("src", "test", "resources", "repository");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zipmap_unsorted  | 3 | p | [\"z\",\"\uD83D\uDE00\",\"a\"]",
                "zipmap_old_opset | 2 | p | [7,-1]",
                "wine_zipmap      | 3 | probabilities | [0,1,2]",
                "wine_strings     | 3 | probabilities | [\"class_0\",\"class_1\",\"class_2\"]",
            })
    void haveAColumnForEachClassInItsOrder(String name, int columns, String output, String classes) throws Exception {
        try (Model model = load(name)) {
            var metadata = model.metadata();
            assertThat(metadata.properties()).containsEntry(output + ".classes", classes);
            assertThat(metadata.outputs()).anySatisfy(each -> {
                assertThat(each.name()).isEqualTo(output);
                assertThat(each.datatype()).isEqualTo(DataType.FP32);
                assertThat(each.shape()).isEqualTo(Shape.of(-1, columns));
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"zipmap_unsorted, 3, 2", "zipmap_unsorted, 3, 0", "zipmap_old_opset, 2, 3", "zipmap_old_opset, 2, 0"})
    void holdTheNumbersOfEachRow(String name, int columns, int rows) throws Exception {
        try (Model model = load(name)) {
            var p = predict(model, Shape.of(rows, columns));
            assertThat(p.shape()).isEqualTo(Shape.of(rows, columns));
            assertIsTwiceTheIndex(p);
        }
    }

    @ParameterizedTest
    @CsvSource("zipmap_one_row")
    void areOneRowWhereTheModelHasNoRows(String name) throws Exception {
        try (Model model = load(name)) {
            var p = predict(model, Shape.of(2));
            assertThat(p.shape()).isEqualTo(Shape.of(1, 2));
            assertIsTwiceTheIndex(p);
        }
    }

    private static Model load(String name) throws Exception {
        return new OnnxModelLoader().load(new ModelSource(name, "1", REPOSITORY.resolve(name + "/1"), 1));
    }

    /** For the numbers 0, 1, 2, … as input. */
    private static Tensor predict(Model model, Shape shape) {
        int count = (int) shape.elements();
        var data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i);
        }
        var x = new Tensor("x", DataType.FP32, shape, data.flip());
        return model.predict(List.of(x), List.of("p"), new Run()).get(0);
    }

    private static void assertIsTwiceTheIndex(Tensor tensor) {
        var elements = tensor.elements();
        for (int i = 0; i < tensor.count(); i++) {
            assertThat(elements.getFloat()).isEqualTo(2f * i);
        }
        assertThat(elements.hasRemaining()).isFalse();
    }
}
