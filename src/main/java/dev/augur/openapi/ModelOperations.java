package dev.augur.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.augur.model.TensorMetadata;
import dev.augur.model.runtime.ExampleRun;
import dev.augur.model.runtime.ModelRunner;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The operation of one loaded version of a model: its real inputs and outputs, and a row that it took. Thread-safe. */
final class ModelOperations {
    static final String GENERIC = "/v2/models/{model}/infer";

    /** Of a model with more inputs or outputs none is described by itself. */
    private static final int MAX_TENSORS = 200;

    private final ModelRunner runner;
    private final boolean newest;

    /**
     * A version.
     *
     * @param newest whether it answers requests that name no version
     */
    ModelOperations(ModelRunner runner, boolean newest) {
        this.runner = runner;
        this.newest = newest;
    }

    /** The path with the name in it, and the version where others stand before it. */
    String path() {
        var metadata = runner.metadata();
        return "/v2/models/" + NameText.encoded(metadata.name())
                + (newest ? "" : "/versions/" + metadata.version())
                + "/infer";
    }

    String name() {
        return runner.metadata().name();
    }

    /** The general operation, made that of this version. */
    ObjectNode operation(ObjectNode general) {
        var metadata = runner.metadata();
        var operation = general;
        operation.put(
                "operationId",
                "infer_" + NameText.identifier(metadata.name()) + (newest ? "" : "_version_" + metadata.version()));
        operation.put("summary", "Inference by " + metadata.name() + ", version " + metadata.version());
        operation.put("description", description());
        operation.withArray("parameters").remove(0);
        operation.putObject("x-augur-model").put("name", metadata.name()).put("version", metadata.version());
        var request = operation.withObject("/requestBody/content/application~1json");
        request.set("schema", requestSchema());
        var answer = operation.withObject("/responses/200/content/application~1json");
        answer.set("schema", answerSchema());
        runner.example().ifPresent(example -> {
            request.set("example", request(example));
            if (!example.outputs().isEmpty()) {
                answer.set("example", answer(example));
            }
        });
        return operation;
    }

    /** A request that the version took at its warm-up. */
    static ObjectNode request(ExampleRun example) {
        var request = Json.object();
        request.set("inputs", Json.tensors(example.inputs()));
        return request;
    }

    private ObjectNode answer(ExampleRun example) {
        var answer = Json.object()
                .put("model_name", runner.metadata().name())
                .put("model_version", runner.metadata().version());
        answer.set("outputs", Json.tensors(example.outputs()));
        return answer;
    }

    private String description() {
        var metadata = runner.metadata();
        return "Platform " + NameText.code(metadata.platform()) + ".\n\nInputs: " + told(metadata.inputs())
                + ".\n\nOutputs: "
                + told(metadata.outputs()) + "."
                + (runner.example().isPresent()
                        ? "\n\nThe example is a row that this version took when it was loaded; its numbers mean nothing."
                        : "\n\nThere is no example: a row is too large, or none was taken when the model was loaded.");
    }

    private static String told(List<TensorMetadata> tensors) {
        return tensors.stream()
                        .limit(MAX_TENSORS)
                        .map(tensor -> NameText.code(tensor.name()) + " "
                                + tensor.datatype().name().toUpperCase(Locale.ROOT) + " " + tensor.shape())
                        .collect(Collectors.joining(", "))
                + (tensors.size() > MAX_TENSORS ? ", and " + (tensors.size() - MAX_TENSORS) + " more" : "");
    }

    private ObjectNode requestSchema() {
        var schema = Json.object().put("type", "object");
        schema.putArray("required").add("inputs");
        var properties = schema.putObject("properties");
        properties.putObject("id").put("type", "string").put("maxLength", 1_024);
        refer(properties, "parameters", "RequestParameters");
        var inputs = runner.metadata().inputs();
        if (inputs.size() > MAX_TENSORS) {
            properties
                    .putObject("inputs")
                    .put("type", "array")
                    .putObject("items")
                    .put("$ref", "#/components/schemas/RequestInput");
        } else {
            properties.set("inputs", Json.arrayOf(inputs));
        }
        refer(properties, "outputs", "RequestedOutputs");
        return schema;
    }

    private ObjectNode answerSchema() {
        var metadata = runner.metadata();
        var schema = Json.object().put("type", "object");
        schema.putArray("required").add("model_name").add("model_version").add("outputs");
        var properties = schema.putObject("properties");
        properties.putObject("model_name").put("const", metadata.name());
        properties.putObject("model_version").put("type", "string");
        properties.putObject("id").put("type", "string");
        properties
                .putObject("outputs")
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/components/schemas/ResponseOutput");
        return schema;
    }

    private static void refer(ObjectNode properties, String name, String schema) {
        properties.putObject(name).put("$ref", "#/components/schemas/" + schema);
    }
}
