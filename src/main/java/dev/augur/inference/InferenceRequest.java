package dev.augur.inference;

import dev.augur.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for one run of one model (Open Inference Protocol v2, section "Inference"). Thread-safe.
 *
 * @param id given by the client and returned unchanged
 * @param version {@code null} leaves the choice to the server
 * @param outputs names of the outputs wanted, in that order; empty for all
 */
public record InferenceRequest(
        @Nullable String id, String model, @Nullable String version, List<Tensor> inputs, List<String> outputs) {
    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
