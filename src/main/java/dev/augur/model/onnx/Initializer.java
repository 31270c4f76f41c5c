package dev.augur.model.onnx;

import com.google.protobuf.ByteString;
import dev.augur.error.ServingException;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A constant of a model file ({@code TensorProto} of the ONNX project's {@code onnx.proto}) as a tensor. Thread-safe.
 */
final class Initializer {
    private static final int DIMENSIONS = 1;
    private static final int DATA_TYPE = 2;
    private static final int FLOAT_DATA = 4;
    private static final int INT32_DATA = 5;
    private static final int STRING_DATA = 6;
    private static final int INT64_DATA = 7;
    private static final int NAME = 8;
    private static final int RAW_DATA = 9;
    private static final int DOUBLE_DATA = 10;
    private static final int UINT64_DATA = 11;
    private static final int EXTERNAL_DATA = 13;

    private Initializer() {}

    /** The tensor; none if its elements lie in another file, cannot be fed or do not add up to its shape. */
    static Optional<Tensor> read(Fields proto) throws IOException {
        try {
            var datatype = OnnxTypes.datatype(proto.integer(DATA_TYPE));
            if (datatype.isEmpty() || proto.has(EXTERNAL_DATA)) {
                return Optional.empty();
            }
            return Optional.of(tensor(proto, datatype.get()));
        } catch (IllegalArgumentException | ArithmeticException | ServingException e) {
            return Optional.empty();
        }
    }

    private static Tensor tensor(Fields proto, DataType datatype) throws IOException {
        var shape = Shape.of(
                proto.integers(DIMENSIONS).stream().mapToLong(Long::longValue).toArray());
        var name = proto.text(NAME);
        if (datatype == DataType.BYTES) {
            var strings = proto.bytes(STRING_DATA);
            var tensor = Tensor.ofBytes(
                    name, shape, strings.stream().map(ByteString::toByteArray).toList());
            OnnxInputs.requireTexts(tensor);
            return tensor;
        }
        return new Tensor(name, datatype, shape, elements(proto, datatype));
    }

    private static ByteBuffer elements(Fields proto, DataType datatype) throws IOException {
        if (proto.has(RAW_DATA)) {
            return ByteBuffer.wrap(proto.bytes(RAW_DATA).get(0).toByteArray());
        }
        return switch (datatype) {
            case FP32 -> little(proto.floats(FLOAT_DATA), Integer.BYTES);
            case FP64 -> little(proto.doubles(DOUBLE_DATA), Long.BYTES);
            case INT64 -> little(proto.integers(INT64_DATA), Long.BYTES);
            case UINT32, UINT64 -> little(proto.integers(UINT64_DATA), datatype.elementBytes());
            case BOOL, INT8, INT16, INT32, UINT8, UINT16, FP16, BF16 ->
                little(proto.integers(INT32_DATA), datatype.elementBytes());
            case BYTES -> throw new IllegalArgumentException("byte strings have no fixed width");
        };
    }

    /** The lowest bytes of each. */
    private static ByteBuffer little(List<? extends Number> bits, int width) {
        var data = ByteBuffer.allocate(Math.multiplyExact(bits.size(), width)).order(ByteOrder.LITTLE_ENDIAN);
        for (Number each : bits) {
            long rest = each.longValue();
            for (int i = 0; i < width; i++) {
                data.put((byte) rest);
                rest >>>= Byte.SIZE;
            }
        }
        return data.flip();
    }
}
