package dev.augur.feature.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.feature.remote.Unavailable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads features from JSON: a whole number of 64 bits is a {@code Long}, any other number a {@code Double}; null and what is not there is
 * no feature. Thread-safe.
 */
final class JsonFeatures {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String store;
    private final Map<String, JsonPointer> pointers = new HashMap<>();

    JsonFeatures(String store, Map<String, String> pointers) {
        this.store = store;
        pointers.forEach((name, pointer) -> this.pointers.put(name, JsonPointer.compile(pointer)));
    }

    /** Throws {@code IllegalArgumentException} for a text that is not a pointer. */
    static void checkPointer(String pointer) {
        if (!pointer.isEmpty() && pointer.charAt(0) != '/') {
            throw new IllegalArgumentException("\"" + pointer + "\" is no JSON pointer: it must begin with /");
        }
    }

    /** The features in this body, or {@code FEATURES_UNAVAILABLE}. */
    Map<String, Object> read(byte[] body) {
        JsonNode root = parse(body);
        if (!root.isContainerNode() || (pointers.isEmpty() && !root.isObject())) {
            throw Unavailable.of(store, "the answer is not a JSON object");
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

    private JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException notJson) {
            throw Unavailable.of(store, "the answer is not JSON");
        }
    }

    private void put(Map<String, Object> values, String name, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return;
        }
        Object value = value(node);
        if (value == null) {
            throw Unavailable.of(
                    store, "feature \"" + name + "\": the value is not a finite number, a text or a boolean");
        }
        values.put(name, value);
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        return node.isNumber() && Double.isFinite(node.doubleValue()) ? (Object) node.doubleValue() : null;
    }
}
