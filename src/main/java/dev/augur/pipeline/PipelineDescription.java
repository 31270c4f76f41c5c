package dev.augur.pipeline;

import dev.augur.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline expects and yields, for those who call it. Thread-safe.
 *
 * @param features looked up, in the order of the model's inputs
 * @param fields of the answer
 * @param example the key of an entity that the store knows, where it can tell one
 */
public record PipelineDescription(
        PipelineConfig config, String version, List<Feature> features, List<String> fields, Optional<Object> example) {
    public PipelineDescription {
        features = List.copyOf(features);
        fields = List.copyOf(fields);
    }

    /** A feature, and the model's input that is made of it. */
    public record Feature(String name, String input, DataType datatype) {}

    static PipelineDescription of(PipelineConfig config, ModelBinding bound, @Nullable Object example) {
        var features = new ArrayList<Feature>();
        for (var input : bound.metadata().inputs()) {
            for (String feature : bound.inputs().featuresOf(input.name())) {
                features.add(new Feature(feature, input.name(), input.datatype()));
            }
        }
        return new PipelineDescription(
                config, bound.metadata().version(), features, bound.outputs().names(), Optional.ofNullable(example));
    }
}
