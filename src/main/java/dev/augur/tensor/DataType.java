package dev.augur.tensor;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The datatypes of the Open Inference Protocol v2, section "Tensor Data Types". Thread-safe. */
public enum DataType {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    /** IEEE 754 half precision. */
    FP16(2),
    FP32(4),
    FP64(8),
    /** The upper half of an FP32. */
    BF16(2),
    /** Byte strings of any length. */
    BYTES(0);

    private final int elementBytes;

    DataType(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Bytes of one element; 0 for {@link #BYTES}, whose elements differ. */
    public int elementBytes() {
        return elementBytes;
    }

    /** The datatype of that name, in the protocol's spelling (upper case). */
    public static Optional<DataType> of(String name) {
        for (DataType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The names, for messages: {@code BOOL, UINT8, …}. */
    public static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
