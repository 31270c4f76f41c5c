package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.json.NumberText;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of a tensor as JSON. Thread-safe. */
final class ElementWriter {
    private static final int MAX_CHUNK = 1 << 13;

    private ElementWriter() {}

    /**
     * Writes member {@code data} as a flat array.
     *
     * @param out where the generator writes; numbers go there without it
     */
    static void writeData(JsonGenerator json, OutputStream out, Tensor output) throws IOException {
        switch (output.datatype()) {
            case BYTES -> writeStrings(json, output);
            case BOOL -> writeBooleans(json, output.elements());
            default -> {
                json.writeFieldName("data");
                json.writeRawValue("");
                json.flush();
                writeNumbers(out, output);
            }
        }
    }

    private static void writeStrings(JsonGenerator json, Tensor output) throws IOException {
        json.writeArrayFieldStart("data");
        for (byte[] string : output.byteStrings()) {
            json.writeString(text(output, string));
        }
        json.writeEndArray();
    }

    private static void writeBooleans(JsonGenerator json, ByteBuffer elements) throws IOException {
        json.writeArrayFieldStart("data");
        while (elements.hasRemaining()) {
            json.writeBoolean(elements.get() != 0);
        }
        json.writeEndArray();
    }

    private static void writeNumbers(OutputStream out, Tensor output) throws IOException {
        var elements = output.elements();
        var chunk = new byte[(int) Math.min(MAX_CHUNK, 2 + (NumberText.MAX_BYTES + 1L) * output.count())];
        int length = 0;
        chunk[length++] = '[';
        while (elements.hasRemaining()) {
            if (chunk.length - length <= NumberText.MAX_BYTES + 1) {
                out.write(chunk, 0, length);
                length = 0;
            }
            length = writeNumber(output, elements, chunk, length);
            chunk[length++] = ',';
        }
        chunk[output.count() == 0 ? length++ : length - 1] = ']'; // in the place of the last comma
        out.write(chunk, 0, length);
    }

    private static int writeNumber(Tensor output, ByteBuffer elements, byte[] to, int at) {
        return switch (output.datatype()) {
            case INT8 -> NumberText.write((long) elements.get(), to, at);
            case UINT8 -> NumberText.write(Byte.toUnsignedLong(elements.get()), to, at);
            case INT16 -> NumberText.write((long) elements.getShort(), to, at);
            case UINT16 -> NumberText.write(Short.toUnsignedLong(elements.getShort()), to, at);
            case INT32 -> NumberText.write((long) elements.getInt(), to, at);
            case UINT32 -> NumberText.write(Integer.toUnsignedLong(elements.getInt()), to, at);
            case INT64 -> NumberText.write(elements.getLong(), to, at);
            case UINT64 -> unsigned(elements.getLong(), to, at);
            case FP16 -> NumberText.write(finite(output, Halves.fromFp16(elements.getShort())), to, at);
            case BF16 -> NumberText.write(finite(output, Halves.fromBf16(elements.getShort())), to, at);
            case FP32 -> NumberText.write(finite(output, elements.getFloat()), to, at);
            case FP64 -> NumberText.write(finite(output, elements.getDouble()), to, at);
            case BOOL, BYTES -> throw new IllegalArgumentException(output.datatype() + " are no numbers");
        };
    }

    private static int unsigned(long bits, byte[] to, int at) {
        if (bits >= 0) {
            return NumberText.write(bits, to, at);
        }
        byte[] digits = Long.toUnsignedString(bits).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, to, at, digits.length);
        return at + digits.length;
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
