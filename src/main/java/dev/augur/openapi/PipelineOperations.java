package dev.augur.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.pipeline.PipelineDescription;
import dev.augur.tensor.DataType;
import java.util.stream.Collectors;

/** The operation of one pipeline: its real features and fields, and an entity that its store knows. Thread-safe. */
final class PipelineOperations {
    static final String GENERIC = "/predict/{pipeline}";

    private final ApiPipeline pipeline;

    PipelineOperations(ApiPipeline pipeline) {
        this.pipeline = pipeline;
    }

    String path() {
        return "/predict/" + NameText.encoded(pipeline.name());
    }

    /** The general operation, made that of this pipeline. */
    ObjectNode operation(ObjectNode general) {
        var operation = general;
        operation.put("operationId", "predict_" + NameText.identifier(pipeline.name()));
        operation.put("summary", "Predicts by the pipeline " + pipeline.name());
        operation.put("description", description());
        operation.withArray("parameters").remove(0);
        operation.put("x-augur-pipeline", pipeline.name());
        var request = operation.withObject("/requestBody/content/application~1json");
        pipeline.description().ifPresent(told -> {
            request.set("schema", requestSchema(told));
            operation
                    .withObject("/responses/200/content/application~1json")
                    .withArray("/schema/anyOf")
                    .set(0, answerSchema(told));
        });
        pipeline.example().ifPresent(key -> request.set("examples", examples(key)));
        return operation;
    }

    /** One item, and several. */
    static ObjectNode examples(Object key) {
        var examples = Json.object();
        var one = item(key);
        examples.putObject("one").put("summary", "One item").set("value", one);
        examples.putObject("several")
                .put("summary", "Several items")
                .putObject("value")
                .putArray("items")
                .add(one.deepCopy());
        return examples;
    }

    private static ObjectNode item(Object key) {
        return Json.object().set("item_id", Json.value(key));
    }

    private String description() {
        return pipeline.description()
                        .map(told -> "Features from "
                                + NameText.code(told.config().store()) + ": "
                                + told.features().stream()
                                        .map(feature -> NameText.code(feature.name()))
                                        .collect(Collectors.joining(", "))
                                + ".\n\nModel: " + NameText.code(told.config().model()) + " version " + told.version()
                                + ".\n\nAnswer: "
                                + told.fields().stream().map(NameText::code).collect(Collectors.joining(", ")) + ".")
                        .orElse("It is not bound to its model.")
                + pipeline.reason()
                        .map(reason -> "\n\n**Not ready:** " + NameText.code(reason))
                        .orElse("")
                + (pipeline.example().isEmpty() ? "\n\nThere is no example: its store names no key that it has." : "");
    }

    /** Two schemas: with one for both forms, clients that are generated send an empty list beside the one item. */
    private static ObjectNode requestSchema(PipelineDescription told) {
        var schema = Json.object();
        var one = item(told, told.config().name() + " item");
        one.withObject("/properties").putObject("id").put("$ref", "#/components/schemas/RequestName");
        var several =
                Json.object().put("type", "object").put("title", told.config().name() + " items");
        several.putArray("required").add("items");
        var properties = several.putObject("properties");
        properties.putObject("id").put("$ref", "#/components/schemas/RequestName");
        properties
                .putObject("items")
                .put("type", "array")
                .put("minItems", 1)
                .put("maxItems", told.config().limits().maxItems())
                .set("items", item(told, told.config().name() + " item of several"));
        schema.putArray("anyOf").add(one).add(several);
        return schema;
    }

    private static ObjectNode item(PipelineDescription told, String title) {
        var item = Json.object().put("type", "object").put("title", title);
        item.putArray("required").add("item_id");
        var properties = item.putObject("properties");
        properties.putObject("item_id").put("$ref", "#/components/schemas/ItemId");
        properties.set("features", features(told));
        return item;
    }

    private static ObjectNode features(PipelineDescription told) {
        var features = Json.object()
                .put("type", "object")
                .put("description", "Take the place of stored values.")
                .put("additionalProperties", false);
        var properties = features.putObject("properties");
        for (var feature : told.features()) {
            properties
                    .putObject(feature.name())
                    .put("description", feature.datatype().name())
                    .put("type", type(feature.datatype()));
        }
        return features;
    }

    private static String type(DataType datatype) {
        return switch (datatype) {
            case BYTES -> "string";
            case BOOL -> "boolean";
            default -> "number";
        };
    }

    private static ObjectNode answerSchema(PipelineDescription told) {
        var schema = Json.object().put("type", "object").put("title", "Answer");
        var required = schema.putArray("required").add("item_id");
        var properties = schema.putObject("properties");
        properties.putObject("id").put("$ref", "#/components/schemas/RequestName");
        properties.putObject("item_id").put("$ref", "#/components/schemas/ItemId");
        for (String field : told.fields()) {
            required.add(field);
            properties.putObject(field).put("description", "A value, or a list of them.");
        }
        properties.putObject("metadata").put("$ref", "#/components/schemas/PipelineMetadata");
        properties.putObject("record_id").put("type", "string").put("description", "In the prediction log.");
        return schema;
    }
}
