package dev.augur.feature.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.feature.Unusable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads features from JSON: a whole number of 64 bits is a {@code Long}, any other number a {@code Double}; null and
 * what is not there is no feature. Thread-safe.
 */
final class JsonFeatures {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, JsonPointer> pointers = new HashMap<>();

    JsonFeatures(Map<String, String> pointers) {
        pointers.forEach((name, pointer) -> this.pointers.put(name, JsonPointer.compile(pointer)));
    }

    /** Throws {@code IllegalArgumentException} for a text that is not a pointer. */
    static void checkPointer(String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("\"" + pointer + "\" is no JSON pointer: it must begin with /");
        }
    }

    /** The features in this body. */
    Map<String, Object> read(byte[] body) throws UnusableAnswer {
        JsonNode root = parse(body);
        if (!root.isContainerNode() || (pointers.isEmpty() && !root.isObject())) {
            throw new UnusableAnswer(Unusable.entity("was answered with something else than a JSON object"));
        }
        var values = new HashMap<String, Object>();
        if (pointers.isEmpty()) {
            root.properties().stream()
                    .filter(member -> !member.getValue().isContainerNode())
                    .forEach(member -> put(values, member.getKey(), member.getValue()));
        } else {
            pointers.forEach((name, pointer) -> put(values, name, root.at(pointer)));
        }
        return values;
    }

    private static JsonNode parse(byte[] body) throws UnusableAnswer {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            throw new UnusableAnswer(Unusable.entity("was answered with something else than JSON"));
        }
    }

    private static void put(Map<String, Object> values, String name, JsonNode node) {
        if (!node.isMissingNode() && !node.isNull()) {
            values.put(name, value(node));
        }
    }

    private static Object value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.isNumber() ? (Object) node.doubleValue() : Unusable.not("a number, a text or a truth value");
    }
}
