package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of a tensor as JSON. Thread-safe. */
final class ElementWriter {
    private ElementWriter() {}

    /** Writes member {@code data} as a flat array. */
    static void writeData(JsonGenerator json, Tensor output) throws IOException {
        json.writeArrayFieldStart("data");
        if (output.datatype() == DataType.BYTES) {
            for (byte[] string : output.byteStrings()) {
                json.writeString(text(output, string));
            }
        } else {
            ByteBuffer elements = output.elements();
            while (elements.hasRemaining()) {
                writeNumber(json, output, elements);
            }
        }
        json.writeEndArray();
    }

    private static void writeNumber(JsonGenerator json, Tensor output, ByteBuffer elements) throws IOException {
        switch (output.datatype()) {
            case BOOL -> json.writeBoolean(elements.get() != 0);
            case INT8 -> json.writeNumber(elements.get());
            case UINT8 -> json.writeNumber(Byte.toUnsignedInt(elements.get()));
            case INT16 -> json.writeNumber(elements.getShort());
            case UINT16 -> json.writeNumber(Short.toUnsignedInt(elements.getShort()));
            case INT32 -> json.writeNumber(elements.getInt());
            case UINT32 -> json.writeNumber(Integer.toUnsignedLong(elements.getInt()));
            case INT64 -> json.writeNumber(elements.getLong());
            case UINT64 -> json.writeNumber(new BigInteger(Long.toUnsignedString(elements.getLong())));
            case FP16 -> json.writeNumber((float) finite(output, Halves.fromFp16(elements.getShort())));
            case BF16 -> json.writeNumber((float) finite(output, Halves.fromBf16(elements.getShort())));
            case FP32 -> json.writeNumber((float) finite(output, elements.getFloat()));
            case FP64 -> json.writeNumber(finite(output, elements.getDouble()));
            case BYTES -> throw new IllegalArgumentException("BYTES are no numbers");
        }
    }

    private static double finite(Tensor output, double value) {
        if (!Double.isFinite(value)) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "output \"" + output.name() + "\" holds " + value
                            + ", which JSON cannot express; ask for it in binary");
        }
        return value;
    }

    private static String text(Tensor output, byte[] string) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(string))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "output \"" + output.name()
                            + "\" holds bytes that are no UTF-8, which JSON cannot express; ask for it in binary");
        }
    }
}
