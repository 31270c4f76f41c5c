package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;

/**
 * The tensors behind the JSON of a request, in the order in which the JSON names them (binary tensor data extension).
 * Tensors are views of the body, not copies. One use, one thread.
 */
final class BinarySection {
    private final byte[] body;
    private int position;

    /** The section that begins at this byte of the body. */
    BinarySection(byte[] body, int start) {
        this.body = body;
        this.position = start;
    }

    /** The next tensor, whose size the request declares. */
    Tensor next(String name, DataType datatype, Shape shape, int bytes) {
        if (bytes > body.length - position) {
            throw invalid("input \"" + name + "\": binary_data_size " + bytes + " is more than the "
                    + (body.length - position) + " bytes that are left");
        }
        var data = ByteBuffer.wrap(body, position, bytes).slice();
        position += bytes;
        return tensor(name, datatype, shape, data);
    }

    /** Refuses a body that goes on after its last tensor. */
    void expectEnd() {
        if (position != body.length) {
            throw invalid("the body has " + (body.length - position) + " bytes that no input claims");
        }
    }

    /** Checks that so many bytes are a tensor of that shape. */
    static Tensor tensor(String name, DataType datatype, Shape shape, ByteBuffer data) {
        try {
            long expected = Math.multiplyExact(shape.elements(), datatype.elementBytes());
            if (datatype != DataType.BYTES && data.limit() != expected) {
                throw invalid("input \"" + name + "\": binary_data_size " + data.limit() + ", shape " + shape + " of "
                        + datatype + " needs " + expected);
            }
            var tensor = new Tensor(name, datatype, shape, data);
            if (datatype == DataType.BYTES) {
                tensor.requireWholeByteStrings();
            }
            return tensor;
        } catch (ArithmeticException e) {
            throw invalid("input \"" + name + "\": shape " + shape + " is not possible: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw invalid("input \"" + name + "\": " + e.getMessage());
        }
    }
}
