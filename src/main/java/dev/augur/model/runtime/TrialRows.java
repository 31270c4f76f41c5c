package dev.augur.model.runtime;

import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Made-up rows for the inputs of a model, the same each time: six of them, which differ in size by four orders of
 * magnitude, those of three requests. Thread-safe.
 */
final class TrialRows {
    /** Rows of each request. */
    static final List<Integer> COUNTS = List.of(1, 3, 2);

    /** Rows of all of them. */
    static final int ALL = 6;

    private static final double[] SIZES = {1, 0.01, 30, 0.3, 100, 3};
    private static final long MOST_BYTES = 1 << 26;
    private static final int SEED = 20_250_101;

    /** What models may take: free dimensions of that length, whole numbers below that, and such texts. */
    private record Kind(int free, int whole, List<String> texts) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(4, 2, List.of("a", "bc", "7")),
            new Kind(1, 2, List.of("0", "1.5", "20")),
            new Kind(32, 2, List.of("true", "0", "x y")),
            new Kind(224, 1, List.of("")));

    private final List<TensorMetadata> inputs;
    private final Kind kind;

    private TrialRows(List<TensorMetadata> inputs, Kind kind) {
        this.inputs = inputs;
        this.kind = kind;
    }

    /** Rows of one kind after another, as far as they are not too large. */
    static List<TrialRows> kinds(ModelMetadata metadata) {
        return KINDS.stream()
                .map(kind -> new TrialRows(metadata.requiredInputs(), kind))
                .filter(TrialRows::isSmall)
                .toList();
    }

    /** The inputs of each request. */
    List<List<Tensor>> alone() {
        var requests = new ArrayList<List<Tensor>>();
        int first = 0;
        for (int rows : COUNTS) {
            requests.add(rows(first, rows));
            first += rows;
        }
        return requests;
    }

    /** The inputs of all of them joined. */
    List<Tensor> joined() {
        return rows(0, ALL);
    }

    private boolean isSmall() {
        try {
            long bytes = 0;
            for (TensorMetadata input : inputs) {
                long width = Math.max(Integer.BYTES, input.datatype().elementBytes());
                bytes = Math.addExact(
                        bytes, Math.multiplyExact(shape(input, ALL).elements(), width));
            }
            return bytes <= MOST_BYTES;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private Shape shape(TensorMetadata input, int rows) {
        long[] dimensions = Arrays.stream(input.shape().toArray())
                .map(dimension -> dimension == Shape.VARIABLE ? kind.free() : dimension)
                .toArray();
        return Shape.of(dimensions).withRows(rows);
    }

    private List<Tensor> rows(int first, int count) {
        return IntStream.range(0, inputs.size())
                .mapToObj(input -> tensor(input, first, count))
                .toList();
    }

    private Tensor tensor(int index, int first, int count) {
        var input = inputs.get(index);
        var shape = shape(input, count);
        int length = (int) shape.withRows(1).elements();
        if (input.datatype() == DataType.BYTES) {
            return Tensor.ofBytes(input.name(), shape, texts(index, first * length, count * length));
        }
        var data = ByteBuffer.allocate(count * length * input.datatype().elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int row = first; row < first + count; row++) {
            var random = new SplittableRandom(SEED + (long) row * inputs.size() + index);
            for (int i = 0; i < length; i++) {
                put(data, input.datatype(), SIZES[row] * (2 * random.nextDouble() - 1));
            }
        }
        return new Tensor(input.name(), input.datatype(), shape, data.flip());
    }

    private List<byte[]> texts(int index, int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> kind.texts().get((i + index) % kind.texts().size()))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Whole numbers are few and small, since they may stand for categories; those of one byte may be pixels. */
    private void put(ByteBuffer data, DataType datatype, double value) {
        long whole = value < 0 ? 0 : kind.whole() - 1;
        switch (datatype) {
            case BOOL -> data.put((byte) whole);
            case INT8, UINT8 -> data.put((byte) Math.abs(value));
            case INT16, UINT16 -> data.putShort((short) whole);
            case INT32, UINT32 -> data.putInt((int) whole);
            case INT64, UINT64 -> data.putLong(whole);
            case FP16 -> data.putShort(Halves.toFp16((float) value));
            case BF16 -> data.putShort(Halves.toBf16((float) value));
            case FP32 -> data.putFloat((float) value);
            case FP64 -> data.putDouble(value);
            case BYTES -> throw new IllegalArgumentException("texts have no width");
        }
    }
}
