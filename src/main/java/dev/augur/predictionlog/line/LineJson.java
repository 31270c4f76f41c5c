package dev.augur.predictionlog.line;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of lines: reads single fields of one without reading it whole. Thread-safe. */
public final class LineJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LineJson() {}

    /** What becomes of the fields at the top level of a line, in their order. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One field; whether to go on to the next.
         *
         * @param value how its value begins; the parser stands there, and may be left there
         */
        boolean field(String name, JsonToken value, JsonParser parser) throws IOException;
    }

    /** A whole line. */
    public static JsonNode tree(byte[] line) throws IOException {
        return MAPPER.readTree(line);
    }

    /** The value at which a parser stands, as JSON. */
    public static String json(JsonParser parser) throws IOException {
        return String.valueOf(MAPPER.<JsonNode>readTree(parser));
    }

    /** A line of texts and numbers. */
    public static byte[] bytes(Map<String, Object> fields) {
        try {
            return MAPPER.writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are JSON", e);
        }
    }

    /** Visits the fields of a line; none where it is no object. Fails where it is no JSON, as far as it is read. */
    public static void visit(byte[] line, Visitor visitor) throws IOException {
        visit(line, 0, line.length, visitor);
    }

    /** The same for a line within a buffer. */
    public static void visit(byte[] buffer, int from, int to, Visitor visitor) throws IOException {
        try (var parser = MAPPER.createParser(buffer, from, to - from)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (!visitor.field(name, parser.nextToken(), parser)) {
                    return;
                }
                parser.skipChildren();
            }
        }
    }

    /** The text of a field; {@code null} if the line has none of that name. Stops where it finds it. */
    public static @Nullable String text(byte[] buffer, int from, int to, String field) throws IOException {
        var found = new Found();
        visit(buffer, from, to, (name, value, parser) -> {
            boolean other = !name.equals(field);
            if (!other && value == JsonToken.VALUE_STRING) {
                found.text = parser.getText();
            }
            return other;
        });
        return found.text;
    }

    private static final class Found {
        private @Nullable String text;
    }
}
