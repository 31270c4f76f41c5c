package dev.augur.protocol;

import static dev.augur.protocol.ProtocolJson.invalid;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads {@code parameters}: texts, numbers and booleans by name. Values of other kinds are passed over. Thread-safe.
 */
final class ParametersReader {
    private static final int MAX_PARAMETERS = 1_000;

    private ParametersReader() {}

    /** Reads the object at whose first token the parser stands; JSON's null stands for none. */
    static Map<String, Object> read(JsonParser parser, String place) throws IOException {
        var parameters = new LinkedHashMap<String, Object>();
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return parameters;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw invalid(place + " must be an object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            switch (parser.nextToken()) {
                case VALUE_STRING -> parameters.put(name, parser.getText());
                case VALUE_TRUE, VALUE_FALSE -> parameters.put(name, parser.getBooleanValue());
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parameters.put(name, parser.getNumberValue());
                default -> parser.skipChildren();
            }
            if (parameters.size() > MAX_PARAMETERS) {
                throw invalid(place + " has more than " + MAX_PARAMETERS + " members");
            }
        }
        return parameters;
    }

    /**
     * Triton's clients can leave a tensor in memory of their own machine; one that was passed over would be waited for
     * there.
     */
    static void refuseSharedMemory(Map<String, Object> parameters, String place) {
        if (parameters.containsKey("shared_memory_region")) {
            throw invalid(place + ": shared memory is not served, expected the tensor in the body");
        }
    }

    /** A boolean parameter. */
    static boolean flag(Map<String, Object> parameters, String name, boolean otherwise, String place) {
        var value = parameters.getOrDefault(name, otherwise);
        if (!(value instanceof Boolean flag)) {
            throw invalid(place + "." + name + " must be true or false");
        }
        return flag;
    }
}
