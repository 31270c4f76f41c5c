package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.augur.error.Shown;
import dev.augur.json.JsonText;
import dev.augur.json.NumberText;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Halves;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one tensor's {@code data}: a flat array of all elements in row-major order, or arrays nested exactly as the
 * shape says (Open Inference Protocol v2, "Tensor Data"). Elements go from the parser into the buffer without being
 * boxed. One use, one thread.
 */
final class TensorReader {
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // of an array
    private static final long UINT32_MAX = 0xFFFF_FFFFL;
    private static final int SHOWN_CHARS = 40;

    private final String name;
    private final DataType datatype;
    private final Shape shape;
    private final JsonParser parser;
    private final ByteBuffer elements; // of numbers
    private final List<byte[]> strings = new ArrayList<>(); // of BYTES
    private final long expected;
    private long count;
    private int leafDepth = -1;
    private @Nullable JsonText text;

    /** A reader of the array at whose first token the parser stands. */
    TensorReader(String name, DataType datatype, Shape shape, JsonParser parser) {
        this.name = name;
        this.datatype = datatype;
        this.shape = shape;
        this.parser = parser;
        this.expected = shape.elements();
        this.elements = ByteBuffer.allocate(datatype == DataType.BYTES ? 0 : (int) expected * datatype.elementBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * How many elements a tensor of that shape has.
     *
     * @param maxElements how many elements the body could hold; a shape that claims more is refused before any memory
     *     is taken
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} naming the input
     */
    static long elements(String name, DataType datatype, Shape shape, int maxElements) {
        try {
            long elements = shape.elements();
            if (elements > maxElements) {
                throw invalid("input \"" + name + "\": shape " + shape + " has " + elements
                        + " elements, more than the body can hold");
            }
            if (elements * datatype.elementBytes() > MAX_BYTES) {
                throw invalid("input \"" + name + "\": shape " + shape + " of " + datatype
                        + " takes more than 2 GiB, the largest tensor there is");
            }
            return elements;
        } catch (ArithmeticException e) {
            throw invalid("input \"" + name + "\": shape " + shape + " is not possible: " + e.getMessage());
        }
    }

    /**
     * Reads the array.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} naming the input
     */
    Tensor read() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("input \"" + name + "\": data must be an array");
        }
        level(0);
        if (count != expected) {
            throw invalid(
                    "input \"" + name + "\": data has " + count + " elements, shape " + shape + " needs " + expected);
        }
        return datatype == DataType.BYTES
                ? Tensor.ofBytes(name, shape, strings)
                : new Tensor(name, datatype, shape, elements.flip());
    }

    /**
     * The elements as they stand in the body, numbers with commas between; {@code null} if they are nested, are no
     * plain numbers, or take more room than they would if they were written anew.
     */
    @Nullable
    JsonText text() {
        return text != null && text.length() <= expected * NumberText.MAX_BYTES ? text : null;
    }

    private void level(int depth) throws IOException {
        long members = plainNumbers(depth);
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            members++;
            if (token == JsonToken.START_ARRAY) {
                if (depth + 1 >= shape.rank()) {
                    throw invalid("input \"" + name + "\": data is nested deeper than shape " + shape);
                }
                level(depth + 1);
            } else {
                leaf(depth, token);
            }
        }
        boolean nested = leafDepth > 0 || depth > 0;
        if (nested && members != shape.dimension(depth)) {
            throw invalid("input \"" + name + "\": data has an array of " + members + " at depth " + depth + ", shape "
                    + shape + " says " + shape.dimension(depth));
        }
    }

    /** Reads the array at once if it is one of plain numbers where numbers may stand; else 0. */
    private int plainNumbers(int depth) {
        boolean leaves = leafDepth < 0 ? depth == 0 || depth == shape.rank() - 1 : depth == leafDepth;
        if (!leaves || !(parser instanceof ElementParser fast)) {
            return 0;
        }
        int read = fast.readNumbers(datatype, elements, expected - count);
        if (read == NumberScanner.NOT_PLAIN) {
            return 0;
        }
        leafDepth = depth;
        count += read;
        text = depth == 0 ? fast.numbers() : null;
        return read;
    }

    private void leaf(int depth, JsonToken token) throws IOException {
        if (leafDepth < 0) {
            leafDepth = depth;
            if (depth != 0 && depth != shape.rank() - 1) {
                throw invalid("input \"" + name + "\": data is neither flat nor nested as shape " + shape);
            }
        }
        if (depth != leafDepth) {
            throw invalid("input \"" + name + "\": data mixes numbers and arrays on one level");
        }
        if (count == expected) {
            throw invalid("input \"" + name + "\": data has more elements than shape " + shape + " holds, " + expected);
        }
        put(token);
        count++;
    }

    private void put(JsonToken token) throws IOException {
        switch (datatype) {
            case BOOL -> elements.put((byte) (bool(token) ? 1 : 0));
            case INT8 -> elements.put((byte) integer(token, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT8 -> elements.put((byte) integer(token, 0, 0xFF));
            case INT16 -> elements.putShort((short) integer(token, Short.MIN_VALUE, Short.MAX_VALUE));
            case UINT16 -> elements.putShort((short) integer(token, 0, 0xFFFF));
            case INT32 -> elements.putInt((int) integer(token, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case UINT32 -> elements.putInt((int) integer(token, 0, UINT32_MAX));
            case INT64 -> elements.putLong(integer(token, Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT64 -> elements.putLong(unsigned64(token));
            case FP16 -> elements.putShort(half(fp32(token), Halves::toFp16));
            case BF16 -> elements.putShort(half(fp32(token), Halves::toBf16));
            case FP32 -> elements.putFloat(fp32(token));
            case FP64 -> elements.putDouble(fp64(token));
            case BYTES -> strings.add(string(token));
        }
    }

    private boolean bool(JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrongElement("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private long integer(JsonToken token, long min, long max) throws IOException {
        boolean fits =
                token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long value = fits ? parser.getLongValue() : 0;
        if (!fits || value < min || value > max) {
            throw wrongElement("an integer from " + min + " to " + max);
        }
        return value;
    }

    private long unsigned64(JsonToken token) throws IOException {
        BigInteger value = token == JsonToken.VALUE_NUMBER_INT ? parser.getBigIntegerValue() : BigInteger.ONE.negate();
        if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
            throw wrongElement("an integer from 0 to 18446744073709551615");
        }
        return value.longValue();
    }

    private float fp32(JsonToken token) throws IOException {
        float value = token.isNumeric() ? parser.getFloatValue() : Float.NaN;
        if (!Float.isFinite(value) && !saysSo(token)) {
            throw wrongElement("a number within the range of " + datatype);
        }
        return value == 0 ? zero() : value;
    }

    /** The parser makes an integer of -0, which has no sign. */
    private float zero() throws IOException {
        return parser.getTextCharacters()[parser.getTextOffset()] == '-' ? -0f : 0f;
    }

    /** A half that is finite if the number is that it comes from. */
    private short half(float value, Rounding rounding) throws IOException {
        short bits = rounding.bits(value);
        if (Float.isFinite(value) && (bits & Short.MAX_VALUE) == rounding.bits(Float.POSITIVE_INFINITY)) {
            throw wrongElement("a number within the range of " + datatype);
        }
        return bits;
    }

    /** Whether the text is {@code NaN} or an infinity, not a number too large for its datatype. */
    private boolean saysSo(JsonToken token) throws IOException {
        String text = parser.getText();
        return token.isNumeric() && Character.isLetter(text.charAt(text.length() - 1));
    }

    /** To a datatype of 16 bits. */
    @FunctionalInterface
    private interface Rounding {
        short bits(float value);
    }

    private byte[] string(JsonToken token) throws IOException {
        if (token != JsonToken.VALUE_STRING) {
            throw wrongElement("a string");
        }
        try {
            var bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(parser.getText()));
            byte[] string = new byte[bytes.remaining()];
            bytes.get(string);
            return string;
        } catch (CharacterCodingException e) {
            throw invalid("input \"" + name + "\": element " + count + " has half of a surrogate pair");
        }
    }

    private double fp64(JsonToken token) throws IOException {
        double value = token.isNumeric() ? parser.getDoubleValue() : Double.NaN;
        if (!Double.isFinite(value) && !saysSo(token)) {
            throw wrongElement("a number within the range of FP64");
        }
        return value == 0 ? zero() : value;
    }

    private RuntimeException wrongElement(String expectation) throws IOException {
        return invalid("input \"" + name + "\": element " + count + " must be " + expectation + ", found "
                + Shown.cut(parser.getText(), SHOWN_CHARS));
    }
}
