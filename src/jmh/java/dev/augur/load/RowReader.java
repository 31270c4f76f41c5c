package dev.augur.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;

/** Reads the numbers of an inference request as one would without a model server: streaming, unchecked. Thread-safe. */
final class RowReader {
    private static final int FIRST_SIZE = 64;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private RowReader() {}

    /** Every number of every member {@code data}, in order. */
    static float[] read(byte[] body) throws IOException {
        float[] numbers = new float[FIRST_SIZE];
        int count = 0;
        try (var parser = FACTORY.createParser(body)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.FIELD_NAME || !parser.currentName().equals("data")) {
                    continue;
                }
                for (int depth = depth(parser.nextToken()); depth > 0; depth += depth(parser.nextToken())) {
                    if (parser.currentToken().isNumeric()) {
                        numbers = count == numbers.length ? Arrays.copyOf(numbers, 2 * count) : numbers;
                        numbers[count++] = number(parser);
                    }
                }
            }
        }
        return Arrays.copyOf(numbers, count);
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
