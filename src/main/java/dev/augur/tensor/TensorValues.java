package dev.augur.tensor;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The elements of tensors as plain Java values, for what is written rarely. Thread-safe. */
public final class TensorValues {
    private TensorValues() {}

    /**
     * The elements in row-major order: {@code Boolean}, {@code Long}, {@code BigInteger} for {@code UINT64},
     * {@code Float}, {@code Double} or {@code String}.
     */
    public static List<Object> of(Tensor tensor) {
        var values = new ArrayList<Object>(tensor.count());
        var elements = tensor.elements();
        while (elements.hasRemaining()) {
            values.add(element(tensor.datatype(), elements));
        }
        return values;
    }

    private static Object element(DataType datatype, ByteBuffer elements) {
        return switch (datatype) {
            case BOOL -> elements.get() != 0;
            case INT8 -> (long) elements.get();
            case UINT8 -> (long) Byte.toUnsignedInt(elements.get());
            case INT16 -> (long) elements.getShort();
            case UINT16 -> (long) Short.toUnsignedInt(elements.getShort());
            case INT32 -> (long) elements.getInt();
            case UINT32 -> Integer.toUnsignedLong(elements.getInt());
            case INT64 -> elements.getLong();
            case UINT64 -> new BigInteger(Long.toUnsignedString(elements.getLong()));
            case FP16 -> Halves.fromFp16(elements.getShort());
            case BF16 -> Halves.fromBf16(elements.getShort());
            case FP32 -> elements.getFloat();
            case FP64 -> elements.getDouble();
            case BYTES -> text(elements);
        };
    }

    private static String text(ByteBuffer elements) {
        byte[] bytes = new byte[elements.getInt()];
        elements.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
