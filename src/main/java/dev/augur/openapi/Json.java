package dev.augur.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import java.math.BigInteger;
import java.util.List;

/** Schemas and examples of tensors. Thread-safe. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Schema of the array of those tensors; a request may have them in any order. */
    static ObjectNode arrayOf(List<TensorMetadata> tensors) {
        var schema = object().put("type", "array");
        var items = schema.putObject("items");
        if (tensors.size() == 1) {
            items.setAll(tensor(tensors.get(0)));
        } else {
            var each = items.putArray("anyOf");
            tensors.forEach(tensor -> each.add(tensor(tensor)));
        }
        return schema;
    }

    private static ObjectNode tensor(TensorMetadata tensor) {
        var schema = object().put("type", "object").put("title", tensor.name());
        schema.put(
                "description",
                tensor.datatype() + " " + tensor.shape() + (tensor.optional() ? "; a request may leave it out" : ""));
        schema.putArray("required").add("name").add("datatype").add("shape");
        var properties = schema.putObject("properties");
        properties.putObject("name").put("const", tensor.name());
        properties.putObject("datatype").put("const", tensor.datatype().name());
        properties.set("shape", shape(tensor.shape()));
        properties.putObject("parameters").put("type", "object");
        properties.putObject("data").put("$ref", "#/components/schemas/Elements");
        return schema;
    }

    private static ObjectNode shape(Shape shape) {
        var schema = object().put("type", "array").put("minItems", shape.rank()).put("maxItems", shape.rank());
        if (shape.rank() > 0) {
            var dimensions = schema.putArray("prefixItems");
            for (long dimension : shape.toArray()) {
                if (dimension == Shape.VARIABLE) {
                    dimensions.addObject().put("type", "integer").put("minimum", 0);
                } else {
                    dimensions.addObject().put("const", dimension);
                }
            }
        }
        return schema;
    }

    /** Tensors as a request or an answer has them. */
    static ArrayNode tensors(List<Tensor> tensors) {
        var array = JsonNodeFactory.instance.arrayNode();
        for (Tensor tensor : tensors) {
            var json = array.addObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().name());
            var shape = json.putArray("shape");
            for (long dimension : tensor.shape().toArray()) {
                shape.add(dimension);
            }
            var data = json.putArray("data");
            TensorValues.of(tensor).forEach(value -> data.add(value(value)));
        }
        return array;
    }

    /** A value of a tensor, or a key. */
    static JsonNode value(Object value) {
        var nodes = JsonNodeFactory.instance;
        if (value instanceof Float number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Double number) {
            return nodes.numberNode(number);
        }
        if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        }
        return value instanceof Number whole
                ? nodes.numberNode(new BigInteger(whole.toString()))
                : nodes.textNode(value.toString());
    }
}
