package dev.augur.model;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Holds a request against a model's metadata. Every refusal is {@code INVALID_ARGUMENT} and names the tensor. Thread-safe. */
public final class InputCheck {
    private InputCheck() {}

    /**
     * The inputs in the order of the metadata, each present once, or not at all where it is optional, with the right datatype and a shape
     * that fits.
     */
    public static List<Tensor> inputs(ModelMetadata metadata, List<Tensor> inputs) {
        var byName = new HashMap<String, Tensor>();
        for (Tensor input : inputs) {
            if (byName.put(input.name(), input) != null) {
                throw invalid("input \"" + input.name() + "\" is given twice");
            }
        }
        var ordered = new ArrayList<Tensor>(inputs.size());
        for (TensorMetadata expected : metadata.inputs()) {
            var input = byName.remove(expected.name());
            if (input == null && expected.optional()) {
                continue;
            }
            if (input == null) {
                throw invalid(
                        "input \"" + expected.name() + "\" is missing; the model expects " + names(metadata.inputs()));
            }
            fits(expected, input);
            ordered.add(input);
        }
        if (!byName.isEmpty()) {
            throw invalid("input \"" + byName.keySet().iterator().next() + "\" is unknown; the model expects "
                    + names(metadata.inputs()));
        }
        return ordered;
    }

    /** The names of the outputs to compute: those asked for, or all of them when none is. */
    public static List<String> outputs(ModelMetadata metadata, List<String> wanted) {
        var known = metadata.outputs().stream().map(TensorMetadata::name).toList();
        if (wanted.isEmpty()) {
            return known;
        }
        var seen = new HashSet<String>();
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw invalid("output \"" + name + "\" is unknown; the model yields " + names(metadata.outputs()));
            }
            if (!seen.add(name)) {
                throw invalid("output \"" + name + "\" is asked for twice");
            }
        }
        return wanted;
    }

    private static void fits(TensorMetadata expected, Tensor input) {
        if (input.datatype() != expected.datatype()) {
            throw invalid("input \"" + input.name() + "\": datatype " + input.datatype() + " does not match "
                    + expected.datatype());
        }
        if (!expected.shape().accepts(input.shape())) {
            throw invalid(
                    "input \"" + input.name() + "\": shape " + input.shape() + " does not match " + expected.shape());
        }
    }

    private static String names(List<TensorMetadata> tensors) {
        return tensors.stream().map(tensor -> "\"" + tensor.name() + "\"").collect(Collectors.joining(", "));
    }

    private static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
