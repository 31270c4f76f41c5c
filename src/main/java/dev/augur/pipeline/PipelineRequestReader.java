package dev.augur.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"item_id": …, "features": {…}}}, or {@code {"items": […]}} with such objects; {@code "id"} may name
 * either. What is wrong is reported in the terms of FastAPI; in a list it is the fault of one item. Keys it does not
 * know are passed over. Thread-safe.
 */
final class PipelineRequestReader {
    private static final String ID = "id";
    private static final String ITEM_ID = "item_id";
    private static final String ITEMS = "items";
    private static final String FEATURES = "features";
    private static final String BODY = "body";
    private static final int SHOWN_CHARS = 100;

    private PipelineRequestReader() {}

    /**
     * Reads one body.
     *
     * @throws ServingException {@code INVALID_ARGUMENT}, see above
     */
    static PipelineRequest read(byte[] body, int maxItems) {
        JsonNode root = parse(body);
        if (!root.isObject()) {
            throw invalid("model_attributes_type", List.of(BODY), "Input should be a valid dictionary", root);
        }
        Object id = id(root.get(ID));
        JsonNode items = root.get(ITEMS);
        if (items == null || items.isNull()) {
            var item = item(root, List.of(BODY));
            return new PipelineRequest(
                    id, /* many= */ false, List.of(new PipelineRequest.Item(item.itemId(), item, null)));
        }
        if (!items.isArray() || items.isEmpty()) {
            throw invalid("list_type", List.of(BODY, ITEMS), "Input should be a list of items", items);
        }
        if (items.size() > maxItems) {
            throw invalid("too_long", List.of(BODY, ITEMS), "Input should have at most " + maxItems + " items", null);
        }
        var read = new ArrayList<PipelineRequest.Item>(items.size());
        for (JsonNode item : items) {
            read.add(itemOrFault(item, List.of(BODY, ITEMS, read.size())));
        }
        return new PipelineRequest(id, /* many= */ true, read);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode root = RequestJson.tree(body);
            if (root.isMissingNode() || root.isNull()) {
                throw invalid("missing", List.of(BODY), "Field required", null);
            }
            return root;
        } catch (JsonProcessingException e) {
            throw InvalidJson.of(e);
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }

    /**
     * What the client calls its request. Many number their requests, though the Open Inference Protocol has texts
     * alone.
     */
    private static @Nullable Object id(@Nullable JsonNode id) {
        if (id == null || id.isNull()) {
            return null;
        }
        if (id.isIntegralNumber() && id.canConvertToLong()) {
            return id.longValue();
        }
        if (!id.isTextual()) {
            throw invalid(
                    "string_type", List.of(BODY, ID), "Input should be a text or an integer of at most 64 bits", id);
        }
        if (id.textValue().length() > RequestJson.MAX_ID_CHARS) {
            throw invalid(
                    "string_too_long",
                    List.of(BODY, ID),
                    "Input should have at most " + RequestJson.MAX_ID_CHARS + " characters",
                    id);
        }
        return id.textValue();
    }

    private static PipelineRequest.Item itemOrFault(JsonNode item, List<Object> place) {
        try {
            var request = item(item, place);
            return new PipelineRequest.Item(request.itemId(), request, null);
        } catch (ServingException fault) {
            return new PipelineRequest.Item(shown(item.get(ITEM_ID)), null, fault);
        }
    }

    private static ItemRequest item(JsonNode item, List<Object> place) {
        if (!item.isObject()) {
            throw invalid("model_attributes_type", place, "Input should be a valid dictionary", item);
        }
        JsonNode id = item.get(ITEM_ID);
        if (id == null) {
            throw invalid("missing", below(place, ITEM_ID), "Field required", null);
        }
        if (id.isTextual() && !id.textValue().isEmpty()) {
            return new ItemRequest(id.textValue(), features(item, place));
        }
        if (!id.isIntegralNumber() || !id.canConvertToLong()) {
            throw invalid(
                    "int_type", below(place, ITEM_ID), "Input should be an integer of at most 64 bits or a text", id);
        }
        return new ItemRequest(id.longValue(), features(item, place));
    }

    private static Map<String, Object> features(JsonNode item, List<Object> place) {
        JsonNode given = item.get(FEATURES);
        if (given == null || given.isNull()) {
            return Map.of();
        }
        if (!given.isObject()) {
            throw invalid("dict_type", below(place, FEATURES), "Input should be features by name", given);
        }
        var features = new LinkedHashMap<String, Object>();
        given.fields()
                .forEachRemaining(field -> features.put(
                        field.getKey(), value(field.getValue(), below(below(place, FEATURES), field.getKey()))));
        return features;
    }

    private static Object value(JsonNode value, List<Object> place) {
        if (value.isTextual()) {
            return value.textValue();
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        throw invalid("feature_type", place, "Input should be a finite number, a text, true or false", value);
    }

    private static List<Object> below(List<Object> place, String name) {
        var longer = new ArrayList<>(place);
        longer.add(Shown.cut(name, SHOWN_CHARS));
        return longer;
    }

    /** A scalar for the answer; long ones are cut, arrays and objects left out. */
    private static @Nullable Object shown(@Nullable JsonNode value) {
        if (value == null || !value.isValueNode() || value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.longValue();
        }
        return Shown.cut(value.asText(), SHOWN_CHARS);
    }

    private static ServingException invalid(String type, List<Object> place, String message, @Nullable JsonNode found) {
        return ServingException.invalidFields(List.of(new FieldError(type, place, message, shown(found))));
    }
}
