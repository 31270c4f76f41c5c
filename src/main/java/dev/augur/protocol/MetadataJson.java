package dev.augur.protocol;

import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.TreeMap;

/** The metadata answers of the protocol (Open Inference Protocol v2, "Server Metadata" and "Model Metadata"). Thread-safe. */
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
                                .add("parameters"));
    }

    /** {@code {name, versions, platform, inputs, outputs, properties}}. */
    public static JsonObject model(ModelMetadata metadata) {
        return new JsonObject()
                .put("name", metadata.name())
                .put("versions", new JsonArray().add(metadata.version()))
                .put("platform", metadata.platform())
                .put("inputs", tensors(metadata.inputs()))
                .put("outputs", tensors(metadata.outputs()))
                .put("properties", new JsonObject(new TreeMap<>(metadata.properties())));
    }

    private static JsonArray tensors(List<TensorMetadata> tensors) {
        var array = new JsonArray();
        for (TensorMetadata tensor : tensors) {
            var shape = new JsonArray();
            for (long dimension : tensor.shape().toArray()) {
                shape.add(dimension);
            }
            array.add(new JsonObject()
                    .put("name", tensor.name())
                    .put("datatype", tensor.datatype().name())
                    .put("shape", shape));
        }
        return array;
    }
}
