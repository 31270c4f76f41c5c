package dev.augur.load;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model of a picture of 28 by 28 numbers, which no shipped model has: a convolution and a layer of ten, with weights
 * by chance. Thread-safe.
 */
final class PictureModel {
    static final String INPUT = "input";
    static final int SIDE = 28;
    private static final int SEED = 14;
    private static final int KERNELS = 4;
    private static final int KERNEL = 5;
    private static final int STRIDE = 2;
    private static final int SEEN = KERNELS * 12 * 12;
    private static final int CLASSES = 10;
    private static final int FLOAT = 1;
    private static final int OF_INTS = 7;

    private final Random random = new Random(SEED);

    private PictureModel() {}

    /** Writes its file. */
    static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, new PictureModel().model());
    }

    /** Numbers of that many pictures, each as a request has them. */
    static List<String> rows(int count) {
        var random = new Random(SEED);
        return IntStream.range(0, count)
                .mapToObj(row -> IntStream.range(0, SIDE * SIDE)
                        .mapToObj(i -> String.valueOf(random.nextInt(10_000) / 1e4))
                        .collect(Collectors.joining(",", "[", "]")))
                .toList();
    }

    private byte[] model() throws IOException {
        var strides = message(stride -> {
            stride.writeString(1, "strides");
            stride.writeInt64(8, STRIDE);
            stride.writeInt64(8, STRIDE);
            stride.writeInt32(20, OF_INTS);
        });
        var graph = message(part -> {
            part.writeByteArray(1, node("Conv", "seen", strides, INPUT, "kernels"));
            part.writeByteArray(1, node("Relu", "positive", new byte[0], "seen"));
            part.writeByteArray(1, node("Flatten", "flat", new byte[0], "positive"));
            part.writeByteArray(1, node("Gemm", "scores", new byte[0], "flat", "weights"));
            part.writeByteArray(1, node("Softmax", "output", new byte[0], "scores"));
            part.writeString(2, "picture");
            part.writeByteArray(5, weights("kernels", KERNELS, 1, KERNEL, KERNEL));
            part.writeByteArray(5, weights("weights", SEEN, CLASSES));
            part.writeByteArray(11, tensor(INPUT, 1, SIDE, SIDE));
            part.writeByteArray(12, tensor("output", CLASSES));
        });
        return message(model -> {
            model.writeInt64(1, 8);
            model.writeByteArray(7, graph);
            model.writeByteArray(8, message(opset -> opset.writeInt64(2, 17)));
        });
    }

    private static byte[] node(String operator, String output, byte[] attribute, String... inputs) throws IOException {
        return message(node -> {
            for (String input : inputs) {
                node.writeString(1, input);
            }
            node.writeString(2, output);
            node.writeString(4, operator);
            if (attribute.length > 0) {
                node.writeByteArray(5, attribute);
            }
        });
    }

    private byte[] weights(String name, int... shape) throws IOException {
        int count = Arrays.stream(shape).reduce(1, (left, right) -> left * right);
        var bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat((float) random.nextGaussian() / 8);
        }
        return message(tensor -> {
            for (int dimension : shape) {
                tensor.writeInt64(1, dimension);
            }
            tensor.writeInt32(2, FLOAT);
            tensor.writeString(8, name);
            tensor.writeByteArray(9, bytes.array());
        });
    }

    /** An input or output of any number of rows. */
    private static byte[] tensor(String name, int... row) throws IOException {
        var shape = message(dimensions -> {
            dimensions.writeByteArray(1, message(any -> any.writeString(2, "rows")));
            for (int dimension : row) {
                dimensions.writeByteArray(1, message(fixed -> fixed.writeInt64(1, dimension)));
            }
        });
        var type = message(tensor -> {
            tensor.writeInt32(1, FLOAT);
            tensor.writeByteArray(2, shape);
        });
        return message(value -> {
            value.writeString(1, name);
            value.writeByteArray(2, message(kind -> kind.writeByteArray(1, type)));
        });
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** Writes the fields of a message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }
}
