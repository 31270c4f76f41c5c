package dev.augur.model;

import dev.augur.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A model that is a function. It is given one tensor for each input of the metadata, already checked against it, and
 * yields one tensor for each output; as many threads call it at once as the model has workers. Thread-safe if the
 * function is.
 *
 * @param rowIndependence whether requests may be joined; a trial decides where it is {@link RowIndependence#UNKNOWN}
 */
public record JavaModel(
        ModelMetadata metadata, Function<List<Tensor>, List<Tensor>> function, RowIndependence rowIndependence)
        implements Model {
    /** The platform of models in Java. */
    public static final String PLATFORM = "augur_java";

    /** A model that does not declare whether its rows are independent. */
    public JavaModel(ModelMetadata metadata, Function<List<Tensor>, List<Tensor>> function) {
        this(metadata, function, RowIndependence.UNKNOWN);
    }

    /** A model of these inputs and outputs, which does not declare whether its rows are independent. */
    public static JavaModel of(
            ModelSource source,
            List<TensorMetadata> inputs,
            List<TensorMetadata> outputs,
            Function<List<Tensor>, List<Tensor>> function) {
        var metadata = new ModelMetadata(source.name(), source.version(), PLATFORM, inputs, outputs, Map.of());
        return new JavaModel(metadata, function);
    }

    /** The same model, which declares whether requests may be joined. */
    public JavaModel with(RowIndependence declared) {
        return new JavaModel(metadata, function, declared);
    }

    @Override
    public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run) {
        var byName = function.apply(inputs).stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
        return outputs.stream()
                .map(name -> {
                    var output = byName.get(name);
                    if (output == null) {
                        throw new IllegalStateException("the model did not yield its output \"" + name + "\"");
                    }
                    return output;
                })
                .toList();
    }

    @Override
    public void close() {
        // a function holds nothing
    }
}
