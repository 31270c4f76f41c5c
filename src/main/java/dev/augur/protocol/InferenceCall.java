package dev.augur.protocol;

import dev.augur.inference.InferenceRequest;
import java.util.Map;

/**
 * A request as it came over the wire: what is asked, and in which form the answer is wanted. Thread-safe.
 *
 * @param binaryOutputs for single outputs, whether they are wanted in binary
 * @param binaryByDefault whether the others are
 * @param classifications for single outputs, how many of their highest values are wanted in their place
 */
public record InferenceCall(
        InferenceRequest request,
        Map<String, Boolean> binaryOutputs,
        boolean binaryByDefault,
        Map<String, Integer> classifications) {
    public InferenceCall {
        binaryOutputs = Map.copyOf(binaryOutputs);
        classifications = Map.copyOf(classifications);
    }

    /** Whether that output is wanted in binary. */
    public boolean binary(String output) {
        return binaryOutputs.getOrDefault(output, binaryByDefault);
    }
}
