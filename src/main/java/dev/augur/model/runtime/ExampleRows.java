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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One row for each input that a model must be given, filled in several ways, of which it may take one. Free dimensions
 * are 1. Thread-safe.
 */
enum ExampleRows {
    /** 1, 2, 3 … for fractions; 1 for whole numbers, which may stand for categories. */
    COUNTING_AND_WORDS(1, "a"),
    /** For models that read numbers out of texts. */
    COUNTING_AND_DIGITS(1, "1"),
    ZEROS(0, "");

    private static final int STEPS = 9;
    private static final long MAX_BYTES = 1 << 26;

    private final int step;
    private final String text;

    ExampleRows(int step, String text) {
        this.step = step;
        this.text = text;
    }

    /** The rows of each kind, made when they are asked for; none at all if they would be too large. */
    static Stream<List<Tensor>> of(ModelMetadata metadata) {
        var inputs = metadata.requiredInputs();
        boolean texts = inputs.stream().anyMatch(input -> input.datatype() == DataType.BYTES);
        return Stream.of(values())
                .filter(kind -> texts || kind != COUNTING_AND_DIGITS)
                .map(kind -> kind.rows(inputs))
                .flatMap(Optional::stream);
    }

    private Optional<List<Tensor>> rows(List<TensorMetadata> inputs) {
        try {
            return inputs.isEmpty()
                    ? Optional.empty()
                    : Optional.of(inputs.stream().map(this::row).toList());
        } catch (ArithmeticException tooLarge) {
            return Optional.empty();
        }
    }

    private Tensor row(TensorMetadata input) {
        var shape = Shape.of(Arrays.stream(input.shape().toArray())
                .map(dimension -> dimension == Shape.VARIABLE ? 1 : dimension)
                .toArray());
        var type = input.datatype();
        if (type == DataType.BYTES) {
            byte[] word = text.getBytes(StandardCharsets.UTF_8);
            return Tensor.ofBytes(input.name(), shape, Collections.nCopies((int) limited(shape.elements()), word));
        }
        int bytes = (int) limited(Math.multiplyExact(shape.elements(), type.elementBytes()));
        var data = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; step > 0 && data.hasRemaining(); i++) {
            put(data, type, i % STEPS + 1);
        }
        return new Tensor(input.name(), type, shape, data.clear());
    }

    private static void put(ByteBuffer data, DataType datatype, int fraction) {
        switch (datatype) {
            case BOOL, INT8, UINT8 -> data.put((byte) 1);
            case INT16, UINT16 -> data.putShort((short) 1);
            case INT32, UINT32 -> data.putInt(1);
            case INT64, UINT64 -> data.putLong(1);
            case FP16 -> data.putShort(Halves.toFp16(fraction));
            case BF16 -> data.putShort(Halves.toBf16(fraction));
            case FP32 -> data.putFloat(fraction);
            case FP64 -> data.putDouble(fraction);
            case BYTES -> throw new IllegalArgumentException("texts have no width");
        }
    }

    private static long limited(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new ArithmeticException("too large");
        }
        return bytes;
    }
}
