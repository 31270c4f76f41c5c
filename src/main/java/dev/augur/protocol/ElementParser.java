package dev.augur.protocol;

import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import dev.augur.json.JsonText;
import dev.augur.tensor.DataType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Jackson's parser of whole texts in memory, which can also read an array of plain numbers at once, without a token for
 * each. One use, one thread.
 */
final class ElementParser extends UTF8StreamJsonParser {
    private @Nullable JsonText numbers;

    /**
     * A parser.
     *
     * @param features of the factory
     * @param names those it has met, of the factory too
     * @param text in UTF-8, of an array
     */
    @SuppressWarnings("ByteBufferBackingArray") // made by wrap
    ElementParser(IOContext context, int features, ByteQuadsCanonicalizer names, ByteBuffer text) {
        super(context, features, null, null, names, text.array(), text.position(), text.limit(), 0, false);
    }

    /**
     * Reads all elements of an array in whose beginning the parser stands; the next token is its end. If it cannot, the
     * parser has not moved, and the next token is the first element.
     *
     * @param into as many elements of that datatype as were read are put there
     * @param max how many there may be
     * @return how many there were, or {@link NumberScanner#NOT_PLAIN}
     */
    int readNumbers(DataType datatype, ByteBuffer into, long max) {
        int position = into.position();
        var scanner = new NumberScanner(_inputBuffer, _inputPtr, _inputEnd);
        int count = scanner.read(datatype, into, max);
        if (count == NumberScanner.NOT_PLAIN) {
            into.position(position);
        } else {
            numbers = scanner.plainForAll() ? new JsonText(_inputBuffer, _inputPtr, scanner.at()) : null;
            _inputPtr = scanner.at();
        }
        return count;
    }

    /**
     * What {@link #readNumbers} has just read, as it stands in the text; {@code null} where another reader may take it
     * for other numbers.
     */
    @Nullable
    JsonText numbers() {
        return numbers;
    }
}
