package dev.augur.predictionlog.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes single fields out of a line without reading it whole. Thread-safe. */
final class LineFields {
    private static final JsonFactory JSON = new JsonFactory();

    private LineFields() {}

    /** The text of a field at the top level; {@code null} if the line has none of that name. Stops where it finds it. */
    static @Nullable String text(byte[] buffer, int from, int to, String field) throws IOException {
        try (var parser = JSON.createParser(buffer, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                var value = parser.nextToken();
                if (name.equals(field)) {
                    return value == JsonToken.VALUE_STRING ? parser.getText() : null;
                }
                parser.skipChildren();
            }
            return null;
        }
    }
}
