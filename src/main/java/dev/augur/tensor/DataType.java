package dev.augur.tensor;

import java.util.Locale;
import java.util.Optional;

/** The datatypes of the Open Inference Protocol whose elements have a fixed size. Thread-safe. */
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
    FP32(4),
    FP64(8);

    private final int elementBytes;

    DataType(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Bytes of one element. */
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
        return String.join(
                        ", ", java.util.Arrays.stream(values()).map(Enum::name).toList())
                .toUpperCase(Locale.ROOT);
    }
}
