package dev.augur.model;

import java.util.List;
import java.util.Map;

/**
 * What a model says of itself, in the protocol's terms (Open Inference Protocol v2, model metadata). Thread-safe.
 *
 * @param version the folder's name, a positive integer
 * @param platform {@code <project>_<format>}, such as {@code onnx_onnxv1}
 * @param properties free texts from the model file
 */
public record ModelMetadata(
        String name,
        String version,
        String platform,
        List<TensorMetadata> inputs,
        List<TensorMetadata> outputs,
        Map<String, String> properties) {
    public ModelMetadata {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        properties = Map.copyOf(properties);
    }

    /** The inputs that every request must give. */
    public List<TensorMetadata> requiredInputs() {
        return inputs.stream().filter(input -> !input.optional()).toList();
    }
}
