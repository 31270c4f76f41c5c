package dev.augur.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.IOContext;
import java.nio.ByteBuffer;

/** Makes an {@link ElementParser} of each text in memory. Thread-safe. */
final class ElementFactory extends JsonFactory {
    private static final long serialVersionUID = 1;

    /** A factory with these features. */
    ElementFactory(JsonFactoryBuilder features) {
        super(features);
    }

    @Override
    protected JsonParser _createParser(byte[] bytes, int offset, int length, IOContext context) {
        return new ElementParser(
                context,
                _parserFeatures,
                _byteSymbolCanonicalizer.makeChildOrPlaceholder(_factoryFeatures),
                ByteBuffer.wrap(bytes, offset, length));
    }
}
