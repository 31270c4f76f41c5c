package dev.augur.model.runtime;

import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import java.util.List;
import java.util.Optional;

/**
 * A run that a version of a model took when it was warmed up: what to send it to see it work. Immutable, thread-safe.
 *
 * @param inputs one row for each input that a request must give
 * @param outputs what came of it; empty if that is large
 */
public record ExampleRun(List<Tensor> inputs, List<Tensor> outputs) {
    /** Of a model with larger inputs no example is kept. */
    private static final int MAX_BYTES = 1 << 14;

    public ExampleRun {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** The example that is kept of a run; empty if it is too large, or JSON cannot express what came of it. */
    static Optional<ExampleRun> of(List<Tensor> inputs, List<Tensor> outputs) {
        if (isTooLarge(inputs) || !outputs.stream().allMatch(ExampleRun::inJson)) {
            return Optional.empty();
        }
        return Optional.of(new ExampleRun(inputs, isTooLarge(outputs) ? List.of() : outputs));
    }

    static boolean isTooLarge(List<Tensor> tensors) {
        return bytes(tensors) > MAX_BYTES;
    }

    private static long bytes(List<Tensor> tensors) {
        return tensors.stream().mapToLong(tensor -> tensor.data().limit()).sum();
    }

    private static boolean inJson(Tensor tensor) {
        return TensorValues.of(tensor).stream()
                .allMatch(value -> !(value instanceof Number number) || Double.isFinite(number.doubleValue()));
    }
}
