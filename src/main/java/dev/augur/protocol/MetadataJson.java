package dev.augur.protocol;

import dev.augur.model.TensorMetadata;
import dev.augur.model.runtime.ModelRunner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metadata answers of the protocol (Open Inference Protocol v2, "Server Metadata" and "Model Metadata").
 * Thread-safe.
 */
public final class MetadataJson {
    private MetadataJson() {}

    /**
     * {@code {name, version, extensions}}.
     *
     * @param version the server's version
     */
    public static JsonObject server(String version) {
        return new JsonObject()
                .put("name", "augur")
                .put("version", version)
                .put(
                        "extensions",
                        new JsonArray()
                                .add("binary_tensor_data")
                                .add("model_repository")
                                .add("model_configuration")
                                .add("statistics")
                                .add("classification")
                                .add("schedule_policy")
                                .add("parameters"));
    }

    /**
     * {@code {name, versions, platform, inputs, outputs, properties}}. The properties are those of the model's file,
     * and under {@code augur.*} the numbers that hold for it on this node. An optional input has {@code parameters:
     * {optional: true}}.
     *
     * @param loaded every loaded version of the model, the runner's among them
     */
    public static JsonObject model(ModelRunner runner, List<ModelRunner> loaded) {
        var metadata = runner.metadata();
        var versions = new JsonArray();
        loaded.forEach(one -> versions.add(one.metadata().version()));
        return new JsonObject()
                .put("name", metadata.name())
                .put("versions", versions)
                .put("platform", metadata.platform())
                .put("inputs", tensors(metadata.inputs()))
                .put("outputs", tensors(metadata.outputs()))
                .put("properties", new JsonObject(properties(runner)));
    }

    private static Map<String, Object> properties(ModelRunner runner) {
        var properties = new TreeMap<String, Object>(runner.metadata().properties());
        properties.put("augur.workers", String.valueOf(runner.workers()));
        runner.workerGroup().ifPresent(group -> properties.put("augur.worker_group", group));
        properties.put("augur.threads_per_run", String.valueOf(runner.threadsPerRun()));
        properties.put("augur.max_batch_size", String.valueOf(runner.maxBatchRows()));
        properties.put("augur.batching", runner.batching().text());
        properties.put("augur.queue", String.valueOf(runner.config().admission().queue()));
        properties.put(
                "augur.max_rows", String.valueOf(runner.config().admission().maxRows()));
        return properties;
    }

    private static JsonArray tensors(List<TensorMetadata> tensors) {
        var array = new JsonArray();
        for (TensorMetadata tensor : tensors) {
            var shape = new JsonArray();
            for (long dimension : tensor.shape().toArray()) {
                shape.add(dimension);
            }
            var json = new JsonObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().name())
                    .put("shape", shape);
            if (tensor.optional()) {
                json.put("parameters", new JsonObject().put("optional", true));
            }
            array.add(json);
        }
        return array;
    }
}
