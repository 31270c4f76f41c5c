package dev.augur.pipeline;

import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.LookupFailure;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes one row of a model's inputs out of the features of an entity. Made once for each version of the model.
 * Thread-safe.
 */
final class InputAssembly {
    private final ModelMetadata metadata;
    private final List<Column> columns;
    private final Set<String> features;

    /**
     * The features of one input.
     *
     * @param shape of one row
     */
    private record Column(TensorMetadata input, Shape shape, List<String> features) {
        FeatureStore.Form form() {
            return input.datatype() == DataType.BYTES ? FeatureStore.Form.TEXT : FeatureStore.Form.NUMBER;
        }
    }

    private InputAssembly(ModelMetadata metadata, List<Column> columns) {
        this.metadata = metadata;
        this.columns = List.copyOf(columns);
        this.features = new LinkedHashSet<>();
        columns.forEach(column -> features.addAll(column.features()));
    }

    /**
     * An assembly for that version.
     *
     * @param mapping features of each input; empty if every input is the feature of its name
     * @throws PipelineFault when the inputs cannot be made so
     */
    static InputAssembly of(ModelMetadata metadata, Map<String, List<String>> mapping) throws PipelineFault {
        var columns = new ArrayList<Column>();
        for (TensorMetadata input : metadata.inputs()) {
            var names = mapping.isEmpty() ? List.of(input.name()) : mapping.get(input.name());
            if (names == null) {
                throw new PipelineFault("no feature is mapped to the model's input \"" + input.name() + "\"");
            }
            columns.add(new Column(input, rowShape(input, names), names));
        }
        for (String name : mapping.keySet()) {
            if (metadata.inputs().stream().noneMatch(input -> input.name().equals(name))) {
                throw new PipelineFault("the model has no input \"" + name + "\"");
            }
        }
        return new InputAssembly(metadata, columns);
    }

    ModelMetadata metadata() {
        return metadata;
    }

    /** Every feature needed. */
    Set<String> features() {
        return features;
    }

    /** Which feature the store has for no entity in a form that its input can hold, as far as the store can tell. */
    Optional<String> unfit(FeatureLookup lookup) {
        return columns.stream()
                .flatMap(column ->
                        column.features().stream().flatMap(feature -> lookup.unfit(feature, column.form()).stream()))
                .findFirst();
    }

    /** Inputs and their features, in the order of the model. */
    List<String> featuresOf(String input) {
        return columns.stream()
                .filter(column -> column.input().name().equals(input))
                .findFirst()
                .orElseThrow()
                .features();
    }

    /**
     * One row.
     *
     * @param faults is told what is wrong with a value that the request did not give
     * @throws dev.augur.error.ServingException {@code FEATURES_UNAVAILABLE} naming the feature that is missing or does
     *     not fit, or {@code INVALID_ARGUMENT} if the request itself gave it
     */
    List<Tensor> row(FeatureRow row, Consumer<LookupFailure> faults) {
        var inputs = new ArrayList<Tensor>(columns.size());
        for (Column column : columns) {
            inputs.add(new FeatureTensor(column.input(), faults).of(column.shape(), column.features(), row));
        }
        return inputs;
    }

    /** The first dimension is the batch's, the product of the others the number of features. */
    private static Shape rowShape(TensorMetadata input, List<String> names) throws PipelineFault {
        long[] dimensions = input.shape().toArray();
        long known = 1;
        int free = -1;
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != Shape.VARIABLE) {
                known *= Math.max(0, dimensions[i]);
            } else if (i == 0) {
                dimensions[i] = 1;
            } else {
                free = free < 0 ? i : Integer.MAX_VALUE;
            }
        }
        if (free >= 0 && free < dimensions.length && known > 0 && names.size() % known == 0) {
            dimensions[free] = names.size() / known;
            known = names.size();
        }
        if (free == Integer.MAX_VALUE || known != names.size()) {
            throw new PipelineFault("the model's input \"" + input.name() + "\" has the shape " + input.shape()
                    + " and " + names.size() + " features are mapped to it");
        }
        return Shape.of(dimensions);
    }
}
