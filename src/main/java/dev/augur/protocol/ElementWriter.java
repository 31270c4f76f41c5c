package dev.augur.protocol;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.json.JsonBytes;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of a tensor as JSON. Thread-safe. */
final class ElementWriter {
    private ElementWriter() {}

    /** Writes member {@code data} as a flat array. */
    static void writeData(JsonBytes json, Tensor output) {
        json.plainName("data");
        json.begin('[');
        if (output.datatype() == DataType.BYTES) {
            for (byte[] string : output.byteStrings()) {
                json.string(text(output, string));
            }
        } else {
            var elements = output.elements();
            while (elements.hasRemaining()) {
                writeNext(json, output, elements);
            }
        }
        json.end(']');
    }

    private static void writeNext(JsonBytes json, Tensor output, ByteBuffer elements) {
        switch (output.datatype()) {
            case BOOL -> json.literal(elements.get() == 0 ? "false" : "true");
            case INT8 -> json.number((long) elements.get());
            case UINT8 -> json.number(Byte.toUnsignedLong(elements.get()));
            case INT16 -> json.number((long) elements.getShort());
            case UINT16 -> json.number(Short.toUnsignedLong(elements.getShort()));
            case INT32 -> json.number((long) elements.getInt());
            case UINT32 -> json.number(Integer.toUnsignedLong(elements.getInt()));
            case INT64 -> json.number(elements.getLong());
            case UINT64 -> json.literal(Long.toUnsignedString(elements.getLong()));
            case FP16 -> json.number(finite(output, Halves.fromFp16(elements.getShort())));
            case BF16 -> json.number(finite(output, Halves.fromBf16(elements.getShort())));
            case FP32 -> json.number(finite(output, elements.getFloat()));
            case FP64 -> json.number(finite(output, elements.getDouble()));
            case BYTES -> throw new IllegalArgumentException("BYTES have no common size");
        }
    }

    private static float finite(Tensor output, float value) {
        if (!Float.isFinite(value)) {
            throw inexpressible(output, String.valueOf(value));
        }
        return value;
    }

    private static double finite(Tensor output, double value) {
        if (!Double.isFinite(value)) {
            throw inexpressible(output, String.valueOf(value));
        }
        return value;
    }

    private static ServingException inexpressible(Tensor output, String what) {
        return new ServingException(
                ErrorCode.INVALID_ARGUMENT,
                "output \"" + output.name() + "\" holds " + what + ", which JSON cannot express; ask for it in binary");
    }

    private static String text(Tensor output, byte[] string) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string))
                    .toString();
        } catch (CharacterCodingException e) {
            throw inexpressible(output, "bytes that are no UTF-8");
        }
    }
}
