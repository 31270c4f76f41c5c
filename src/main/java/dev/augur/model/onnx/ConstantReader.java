package dev.augur.model.onnx;

import static dev.augur.model.onnx.ProtobufReader.DELIMITED;
import static dev.augur.model.onnx.ProtobufReader.VARINT;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.model.onnx.rows.Graph.Constant;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads what a tensor of a model file is, and its elements where they are few. Used on one thread. */
final class ConstantReader {
    private static final int SMALL_BYTES = 1 << 12;
    private static final int MOST_NUMBERS = 64;

    private static final int DIMENSION = (1 << 3) | VARINT;
    private static final int PACKED_DIMENSIONS = (1 << 3) | DELIMITED;
    private static final int NAME = (8 << 3) | DELIMITED;

    private final ProtobufReader in;
    private final List<Long> shape = new ArrayList<>();
    private String name = "";
    private @Nullable List<Long> numbers;

    ConstantReader(ProtobufReader in) {
        this.in = in;
    }

    /** Reads the tensor that the current field holds. */
    @CanIgnoreReturnValue
    ConstantReader read() throws IOException {
        var small = in.message(SMALL_BYTES, this::field);
        if (small.isPresent()) {
            name = small.get().text(8);
            shape.addAll(small.get().integers(1));
            numbers = Initializer.read(small.get())
                    .flatMap(ConstantReader::numbers)
                    .orElse(null);
        }
        return this;
    }

    String name() {
        return name;
    }

    Constant constant() {
        return new Constant(shape, Optional.ofNullable(numbers));
    }

    private boolean field(int tag, int start) throws IOException {
        switch (tag) {
            case DIMENSION -> shape.add(in.integer());
            case PACKED_DIMENSIONS -> in.packed(shape, MOST_NUMBERS);
            case NAME -> name = in.text();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The elements, if they are few and all whole numbers. */
    private static Optional<List<Long>> numbers(Tensor tensor) {
        long count = tensor.shape().elements();
        if (count > MOST_NUMBERS || tensor.datatype() == DataType.BYTES) {
            return Optional.empty();
        }
        var data = tensor.elements();
        var all = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            var number = number(tensor.datatype(), data);
            if (number.isEmpty()) {
                return Optional.empty();
            }
            all.add(number.getAsLong());
        }
        return Optional.of(all);
    }

    private static OptionalLong number(DataType datatype, ByteBuffer data) {
        return switch (datatype) {
            case BOOL, INT8 -> OptionalLong.of(data.get());
            case INT16 -> OptionalLong.of(data.getShort());
            case INT32 -> OptionalLong.of(data.getInt());
            case INT64 -> OptionalLong.of(data.getLong());
            case FP32 -> whole(data.getFloat());
            case FP64 -> whole(data.getDouble());
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong whole(double real) {
        boolean whole = real == Math.rint(real) && Math.abs(real) < Integer.MAX_VALUE;
        return whole ? OptionalLong.of((long) real) : OptionalLong.empty();
    }
}
