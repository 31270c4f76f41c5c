package dev.augur.model;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Holds requests against a model's metadata, of which it keeps what each of them is asked for. Every refusal is
 * {@code INVALID_ARGUMENT} and names the tensor. Thread-safe.
 */
public final class InputCheck {
    private final ModelMetadata metadata;
    private final List<TensorMetadata> expected;
    private final List<String> outputNames;

    /** A check for the requests to this model. */
    public InputCheck(ModelMetadata metadata) {
        this.metadata = metadata;
        this.expected = metadata.inputs();
        this.outputNames = metadata.outputs().stream().map(TensorMetadata::name).toList();
    }

    /**
     * The inputs in the order of the metadata, each present once, or not at all where it is optional, with the right
     * datatype and a shape that fits.
     */
    public List<Tensor> inputs(List<Tensor> inputs) {
        if (!ordered(inputs)) {
            return reordered(inputs);
        }
        for (int i = 0; i < inputs.size(); i++) {
            fits(expected.get(i), inputs.get(i));
        }
        return inputs;
    }

    /** Whether they are what the metadata lists, one by one, as most clients send them. */
    private boolean ordered(List<Tensor> inputs) {
        boolean ordered = inputs.size() == expected.size();
        for (int i = 0; ordered && i < inputs.size(); i++) {
            ordered = expected.get(i).name().equals(inputs.get(i).name());
        }
        return ordered;
    }

    private List<Tensor> reordered(List<Tensor> inputs) {
        var byName = new HashMap<String, Tensor>();
        for (Tensor input : inputs) {
            if (byName.put(input.name(), input) != null) {
                throw invalid("input \"" + input.name() + "\" is given twice");
            }
        }
        var ordered = new ArrayList<Tensor>(inputs.size());
        for (TensorMetadata wanted : expected) {
            var input = byName.remove(wanted.name());
            if (input == null && wanted.optional()) {
                continue;
            }
            if (input == null) {
                throw invalid("input \"" + wanted.name() + "\" is missing; the model expects " + names(expected));
            }
            fits(wanted, input);
            ordered.add(input);
        }
        if (!byName.isEmpty()) {
            throw invalid("input \"" + byName.keySet().iterator().next() + "\" is unknown; the model expects "
                    + names(expected));
        }
        return ordered;
    }

    /** The names of the outputs to compute: those asked for, or all of them when none is. */
    public List<String> outputs(List<String> wanted) {
        if (wanted.isEmpty()) {
            return outputNames;
        }
        var seen = new HashSet<String>();
        for (String name : wanted) {
            var reason = metadata.properties().get(name + ModelMetadata.NOT_SERVED);
            if (reason != null && !outputNames.contains(name)) {
                throw invalid("output \"" + name + "\" is not served: it is " + reason);
            }
            if (!outputNames.contains(name)) {
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
