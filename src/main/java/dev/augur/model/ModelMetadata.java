package dev.augur.model;

import dev.augur.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    /**
     * Behind the name of an output that is not among the outputs: the property that says what it is instead of a
     * tensor.
     */
    public static final String NOT_SERVED = ".not_served";

    public ModelMetadata {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        properties = Map.copyOf(properties);
    }

    /**
     * The first of the inputs and outputs without a free first dimension, along which requests could be joined; none if
     * all have one.
     */
    public Optional<TensorMetadata> firstWithoutRows() {
        return Stream.concat(requiredInputs().stream(), outputs.stream())
                .filter(tensor -> tensor.shape().rank() == 0 || tensor.shape().dimension(0) != Shape.VARIABLE)
                .findFirst();
    }

    /** The inputs that every request must give. */
    public List<TensorMetadata> requiredInputs() {
        return inputs.stream().filter(input -> !input.optional()).toList();
    }
}
