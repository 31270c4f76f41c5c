package dev.augur.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.predictionlog.line.RecordField;
import java.util.Optional;

/**
 * Makes requests of what models were given. Datatype and shape are the record's own, or else those of the model's
 * metadata. Thread-safe.
 */
public final class RecordedInputs {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SHAPE = "shape";
    private static final String DATATYPE = "datatype";

    private final JsonNode metadata;

    /** For a model with this metadata, as the protocol describes it. */
    public RecordedInputs(JsonNode metadata) {
        this.metadata = metadata;
    }

    /** The body of an inference request; empty if the record holds no inputs, or not all of them whole. */
    public Optional<ObjectNode> request(JsonNode record) {
        var inputs = JSON.arrayNode();
        for (var recorded : record.path(RecordField.INPUTS).properties()) {
            var input = input(recorded.getKey(), recorded.getValue());
            if (input.isEmpty() || Values.redacted(record, RecordField.INPUTS, recorded.getKey())) {
                return Optional.empty();
            }
            inputs.add(input.get());
        }
        return inputs.isEmpty()
                ? Optional.empty()
                : Optional.of(JSON.objectNode().set("inputs", inputs));
    }

    private Optional<ObjectNode> input(String name, JsonNode recorded) {
        var values = Values.of(recorded);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var input = JSON.objectNode().put("name", name);
        if (recorded.has(DATATYPE) && recorded.path(SHAPE).isArray()) {
            input.set(DATATYPE, recorded.get(DATATYPE));
            input.set(SHAPE, recorded.get(SHAPE));
        } else {
            var known = known(name);
            input.put(DATATYPE, known.path(DATATYPE).asText("FP32"));
            input.set(SHAPE, shape(known.path(SHAPE), values.get().size()));
        }
        input.set("data", JSON.arrayNode().addAll(values.get()));
        return Optional.of(input);
    }

    private JsonNode known(String name) {
        for (JsonNode input : metadata.path("inputs")) {
            if (name.equals(input.path("name").asText())) {
                return input;
            }
        }
        return JSON.missingNode();
    }

    /** One row: the first variable dimension is 1, unless it is the only one and has to hold all elements. */
    private static JsonNode shape(JsonNode known, int count) {
        long fixed = 1;
        int variable = 0;
        for (JsonNode dimension : known) {
            fixed *= Math.max(1, dimension.asLong());
            variable += dimension.asLong() < 0 ? 1 : 0;
        }
        var shape = JSON.arrayNode();
        for (JsonNode dimension : known) {
            boolean last = dimension.asLong() < 0 && --variable == 0;
            shape.add(dimension.asLong() >= 0 ? dimension.asLong() : last ? count / fixed : 1);
        }
        return shape.isEmpty() ? JSON.arrayNode().add(count) : shape;
    }
}
