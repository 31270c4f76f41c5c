package dev.augur.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Reads the numbers of an inference request as one would without a model server: streaming, unchecked. Thread-safe. */
final class RowReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private RowReader() {}

    /** Every number of every member {@code data}, in order. */
    static float[] read(byte[] body) throws IOException {
        var numbers = FloatBuffer.allocate(body.length / 2); // each has a digit and a comma
        read(body, numbers);
        return Arrays.copyOf(numbers.array(), numbers.position());
    }

    /** Puts every number of every member {@code data} there, in order. */
    static void read(byte[] body, FloatBuffer numbers) throws IOException {
        try (var parser = FACTORY.createParser(body)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME || !parser.currentName().equals("data")) {
                    continue;
                }
                for (int depth = depth(parser.nextToken()); depth > 0; depth += depth(parser.nextToken())) {
                    if (parser.currentToken().isNumeric()) {
                        numbers.put(number(parser));
                    }
                }
            }
        }
    }

    private static float number(JsonParser parser) throws IOException {
        return parser.getFloatValue();
    }

    private static int depth(JsonToken token) {
        return switch (token) {
            case START_ARRAY -> 1;
            case END_ARRAY -> -1;
            default -> 0;
        };
    }
}
