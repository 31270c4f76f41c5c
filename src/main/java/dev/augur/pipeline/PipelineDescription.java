package dev.augur.pipeline;

import dev.augur.tensor.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pipeline expects and yields, for those who call it. Thread-safe.
 *
 * @param features looked up, in the order of the model's inputs
 * @param fields of the answer
 */
public record PipelineDescription(PipelineConfig config, String version, List<Feature> features, List<String> fields) {
    public PipelineDescription {
        features = List.copyOf(features);
        fields = List.copyOf(fields);
    }

    /** A feature, and the model's input that is made of it. */
    public record Feature(String name, String input, DataType datatype) {}

    static PipelineDescription of(PipelineConfig config, ModelBinding bound) {
        var features = new ArrayList<Feature>();
        for (var input : bound.metadata().inputs()) {
            for (String feature : bound.inputs().featuresOf(input.name())) {
                features.add(new Feature(feature, input.name(), input.datatype()));
            }
        }
        return new PipelineDescription(
                config, bound.metadata().version(), features, bound.outputs().names());
    }
}
