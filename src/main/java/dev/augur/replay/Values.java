package dev.augur.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.predictionlog.line.RecordField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The elements of a recorded or answered tensor. Thread-safe. */
final class Values {
    private static final String DATA = "data";

    private Values() {}

    /**
     * The elements in order, from a single value, a list, or an object with {@code data}; empty if there is only a
     * digest of them.
     */
    static Optional<List<JsonNode>> of(JsonNode tensor) {
        if (tensor.isObject()) {
            return tensor.has(DATA) ? of(tensor.get(DATA)) : Optional.empty();
        }
        var elements = new ArrayList<JsonNode>();
        flatten(tensor, elements);
        return Optional.of(elements);
    }

    /** Whether a record says that a value was taken out of it. */
    static boolean redacted(JsonNode record, String part, String name) {
        for (JsonNode path : record.path(RecordField.REDACTED)) {
            if (path.asText().equals(part) || path.asText().equals(part + "." + name)) {
                return true;
            }
        }
        return false;
    }

    private static void flatten(JsonNode node, List<JsonNode> elements) {
        if (node.isArray()) {
            node.forEach(element -> flatten(element, elements));
        } else {
            elements.add(node);
        }
    }
}
