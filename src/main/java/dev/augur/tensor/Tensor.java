package dev.augur.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * A named array of elements in row-major order, in one buffer laid out as the protocol's binary tensors are: numbers
 * little-endian, each element of a {@link DataType#BYTES} tensor as its length (32 bits, unsigned) and its bytes. The
 * buffer is not written after the tensor is made, so a tensor may be passed between threads.
 *
 * @param data the elements, from position 0 to the limit; for numbers exactly
 *     {@code shape.elements() × datatype.elementBytes()} bytes
 */
public record Tensor(String name, DataType datatype, Shape shape, ByteBuffer data) {
    public Tensor {
        long expected = datatype == DataType.BYTES ? data.limit() : shape.elements() * datatype.elementBytes();
        if (data.position() != 0 || data.limit() != expected) {
            throw new IllegalArgumentException(
                    "tensor \"" + name + "\": " + data.limit() + " bytes, expected " + expected);
        }
    }

    /** A tensor of byte strings. */
    public static Tensor ofBytes(String name, Shape shape, List<byte[]> elements) {
        long bytes = 0;
        for (byte[] element : elements) {
            bytes += Integer.BYTES + element.length;
        }
        var data = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] element : elements) {
            data.putInt(element.length).put(element);
        }
        return new Tensor(name, DataType.BYTES, shape, data.flip());
    }

    /** A tensor of {@link DataType#FP64}. */
    public static Tensor ofDoubles(String name, Shape shape, double... elements) {
        var data = ByteBuffer.allocate(Math.multiplyExact(elements.length, Double.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        data.asDoubleBuffer().put(elements);
        return new Tensor(name, DataType.FP64, shape, data);
    }

    /** A tensor of {@link DataType#FP32}. */
    public static Tensor ofFloats(String name, Shape shape, float... elements) {
        var data = ByteBuffer.allocate(Math.multiplyExact(elements.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(elements);
        return new Tensor(name, DataType.FP32, shape, data);
    }

    /** A tensor of {@link DataType#INT64}. */
    public static Tensor ofLongs(String name, Shape shape, long... elements) {
        var data = ByteBuffer.allocate(Math.multiplyExact(elements.length, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(elements);
        return new Tensor(name, DataType.INT64, shape, data);
    }

    /**
     * A copy of the elements of a {@link DataType#FP64} tensor.
     *
     * @throws IllegalStateException if it is of another datatype
     */
    public double[] toDoubles() {
        if (datatype != DataType.FP64) {
            throw new IllegalStateException("tensor \"" + name + "\" is " + datatype + ", not FP64");
        }
        double[] elements = new double[count()];
        elements().asDoubleBuffer().get(elements);
        return elements;
    }

    /**
     * An {@link DataType#FP64} tensor of the same shape, with each element of this one changed so; this one is of FP64,
     * too.
     */
    public Tensor mapDoubles(String newName, DoubleUnaryOperator change) {
        return ofDoubles(
                newName, shape, DoubleStream.of(toDoubles()).map(change).toArray());
    }

    /** A view of the elements with a position of its own, little-endian. */
    public ByteBuffer elements() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Checks that the elements of a {@link DataType#BYTES} tensor are whole.
     *
     * @throws IllegalArgumentException if their lengths do not add up to the buffer or their number is not that of the
     *     shape
     */
    public void requireWholeByteStrings() {
        var rest = elements();
        long count = 0;
        for (; rest.hasRemaining(); count++) {
            int length = nextLength(rest, count); // leaves the position behind the length
            rest.position(rest.position() + length);
        }
        requireCount(count);
    }

    /**
     * The elements of a {@link DataType#BYTES} tensor.
     *
     * @throws IllegalArgumentException if their lengths do not add up to the buffer or their number is not that of the
     *     shape
     */
    public List<byte[]> byteStrings() {
        var rest = elements();
        var strings = new ArrayList<byte[]>();
        while (rest.hasRemaining()) {
            byte[] string = new byte[nextLength(rest, strings.size())];
            rest.get(string);
            strings.add(string);
        }
        requireCount(strings.size());
        return strings;
    }

    private static int nextLength(ByteBuffer rest, long index) {
        long length = rest.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(rest.getInt());
        if (length < 0 || length > rest.remaining()) {
            throw new IllegalArgumentException("element " + index + " is cut off");
        }
        return (int) length;
    }

    private void requireCount(long found) {
        if (found != shape.elements()) {
            throw new IllegalArgumentException(found + " elements, shape " + shape + " needs " + shape.elements());
        }
    }

    /** How many elements this tensor has. */
    public int count() {
        return Math.toIntExact(shape.elements());
    }
}
