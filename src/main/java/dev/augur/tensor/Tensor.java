package dev.augur.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A named array of numbers: its elements in row-major order, little-endian, in one buffer. The buffer is not written after the
 * tensor is made, so a tensor may be passed between threads.
 *
 * @param data exactly {@code shape.elements() × datatype.elementBytes()} bytes from position 0 to the limit
 */
public record Tensor(String name, DataType datatype, Shape shape, ByteBuffer data) {
    public Tensor {
        long expected = shape.elements() * datatype.elementBytes();
        if (data.position() != 0 || data.limit() != expected) {
            throw new IllegalArgumentException(
                    "tensor \"" + name + "\": " + data.limit() + " bytes, expected " + expected);
        }
    }

    /** A view of the elements with a position of its own, little-endian. */
    public ByteBuffer elements() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** How many elements this tensor has. */
    public int count() {
        return data.limit() / datatype.elementBytes();
    }
}
