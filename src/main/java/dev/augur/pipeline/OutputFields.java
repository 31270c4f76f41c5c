package dev.augur.pipeline;

import static java.util.Objects.requireNonNull;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an answer out of one row of a model's outputs. Made once for each version of the model. Thread-safe.
 */
final class OutputFields {
    static final String LABEL = "label";
    /** The field of an output that is called as the name of the class is. */
    static final String SAME_NAME = "label_output";

    private final Map<String, String> outputs;
    private final @Nullable String label;
    private final List<String> classNames;

    private OutputFields(Map<String, String> outputs, @Nullable String label, List<String> classNames) {
        this.outputs = outputs;
        this.label = label;
        this.classNames = classNames;
    }

    /**
     * The fields for that version.
     *
     * @throws PipelineFault when the model has no such outputs, or no names of classes
     */
    static OutputFields of(ModelMetadata metadata, PipelineConfig config) throws PipelineFault {
        var known = metadata.outputs().stream().map(TensorMetadata::name).toList();
        var outputs = new LinkedHashMap<>(config.outputs());
        if (outputs.isEmpty()) {
            known.forEach(
                    name -> outputs.put(config.label().isPresent() && name.equals(LABEL) ? SAME_NAME : name, name));
        } else if (config.label().isPresent() && outputs.containsKey(LABEL)) {
            throw new PipelineFault("outputs has a field \"label\", which is to be the name of the class");
        }
        var wanted = new ArrayList<>(outputs.values());
        config.label().ifPresent(wanted::add);
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new PipelineFault("the model has no output \"" + name + "\", only " + known);
            }
        }
        var names = classNames(metadata);
        if (config.label().isPresent() && names.isEmpty()) {
            throw new PipelineFault("the model's file has no class_names, which label needs");
        }
        return new OutputFields(outputs, config.label().orElse(null), names);
    }

    /** The outputs that the model has to compute. */
    List<String> wanted() {
        var wanted = new LinkedHashSet<>(outputs.values());
        if (label != null) {
            wanted.add(label);
        }
        return List.copyOf(wanted);
    }

    /** The names of the fields. */
    List<String> names() {
        var names = new ArrayList<>(outputs.keySet());
        if (label != null) {
            names.add(LABEL);
        }
        return names;
    }

    /**
     * The fields of one row.
     *
     * @throws ServingException {@code PREDICTION_FAILED} when an output holds what JSON cannot express, or no class
     */
    Map<String, Object> of(List<Tensor> tensors) {
        var byName = new LinkedHashMap<String, Object>();
        tensors.forEach(tensor -> byName.put(tensor.name(), value(tensor)));
        var fields = new LinkedHashMap<String, Object>();
        outputs.forEach((field, output) -> fields.put(field, requireNonNull(byName.get(output))));
        if (label != null) {
            fields.put(LABEL, className(label, requireNonNull(byName.get(label))));
        }
        return fields;
    }

    private String className(String output, Object number) {
        if (number instanceof Long index && index >= 0 && index < classNames.size()) {
            return classNames.get(index.intValue());
        }
        throw failed(output, "holds " + number + ", which is none of its " + classNames.size() + " classes");
    }

    /** A single value for a single element, a list of them otherwise. */
    static Object value(Tensor tensor) {
        var values = TensorValues.of(tensor);
        for (Object value : values) {
            if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
                throw failed(tensor.name(), "holds " + value);
            }
        }
        return values.size() == 1 ? values.get(0) : values;
    }

    private static List<String> classNames(ModelMetadata metadata) {
        try {
            return new JsonArray(metadata.properties().getOrDefault("class_names", "[]"))
                    .stream().map(String::valueOf).toList();
        } catch (DecodeException e) {
            return List.of();
        }
    }

    private static ServingException failed(String output, String fault) {
        return new ServingException(ErrorCode.PREDICTION_FAILED, "output \"" + output + "\" " + fault);
    }
}
