package dev.augur.inference;

import dev.augur.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a model yielded, with the version that ran, and when. Thread-safe.
 *
 * @param artifactDigest of the files of that version: see {@link dev.augur.model.ArtifactDigest}; absent where it is
 *     not known
 */
public record InferenceResponse(
        @Nullable String id,
        String model,
        String version,
        @Nullable String artifactDigest,
        List<Tensor> outputs,
        @Nullable RunTimes times) {
    public InferenceResponse {
        outputs = List.copyOf(outputs);
    }
}
