package dev.augur.inference;

import dev.augur.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for one run of one model (Open Inference Protocol v2, section "Inference"). Thread-safe.
 *
 * @param id given by the client and returned unchanged
 * @param version {@code null} leaves the choice to the server
 * @param outputs names of the outputs wanted, in that order; empty for all
 * @param timeout how long the client waits; {@code null} for no limit of its own
 * @param priority how urgent it is among those that wait for the same model
 */
public record InferenceRequest(
        @Nullable String id,
        String model,
        @Nullable String version,
        List<Tensor> inputs,
        List<String> outputs,
        @Nullable Duration timeout,
        Priority priority) {
    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A request to the version that the server chooses, for all outputs. */
    public static InferenceRequest of(String model, Tensor... inputs) {
        return new InferenceRequest(
                /* id= */ null,
                model,
                /* version= */ null,
                List.of(inputs),
                List.of(),
                /* timeout= */ null,
                Priority.DEFAULT);
    }

    /** The same request, with the shorter of its time and this one. */
    public InferenceRequest within(Duration limit) {
        var shorter = timeout == null || limit.compareTo(timeout) < 0 ? limit : timeout;
        return new InferenceRequest(id, model, version, inputs, outputs, shorter, priority);
    }
}
