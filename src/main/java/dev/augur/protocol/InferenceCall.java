package dev.augur.protocol;

import dev.augur.inference.InferenceRequest;
import dev.augur.json.JsonText;
import java.util.Map;

/**
 * A request as it came over the wire: what is asked, and in which form the answer is wanted. Thread-safe.
 *
 * @param binaryOutputs for single outputs, whether they are wanted in binary
 * @param binaryByDefault whether the others are
 * @param classifications for single outputs, how many of their highest values are wanted in their place
 * @param texts the elements of inputs that came as flat arrays of plain numbers, as the client wrote them, by the
 *     input's name: numbers with commas between
 */
public record InferenceCall(
        InferenceRequest request,
        Map<String, Boolean> binaryOutputs,
        boolean binaryByDefault,
        Map<String, Integer> classifications,
        Map<String, JsonText> texts) {
    public InferenceCall {
        binaryOutputs = Map.copyOf(binaryOutputs);
        classifications = Map.copyOf(classifications);
        texts = Map.copyOf(texts);
    }

    /** A call whose inputs did not come as such arrays. */
    public InferenceCall(
            InferenceRequest request,
            Map<String, Boolean> binaryOutputs,
            boolean binaryByDefault,
            Map<String, Integer> classifications) {
        this(request, binaryOutputs, binaryByDefault, classifications, Map.of());
    }

    /** Whether that output is wanted in binary. */
    public boolean binary(String output) {
        return binaryOutputs.getOrDefault(output, binaryByDefault);
    }
}
