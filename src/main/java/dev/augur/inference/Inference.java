package dev.augur.inference;

import dev.augur.model.InputCheck;
import dev.augur.model.ModelMetadata;
import dev.augur.model.TensorMetadata;
import dev.augur.tensor.Tensor;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a model's queue: checked inputs, wanted outputs, and where the result goes. Its state is guarded by the
 * queue that holds it; the promise is here because the result comes from a worker.
 */
final class Inference {
    private final List<Tensor> inputs;
    private final long rows;
    private final long mostRows;
    private final List<String> outputs;
    private final Priority priority;
    private final Context context;
    private final Promise<List<Tensor>> result = Promise.promise();
    private final long queuedNanos = System.nanoTime();
    private final Instant queuedAt = Instant.now();
    private volatile @Nullable RunTimes times;
    private volatile @Nullable Batch batch;
    private volatile boolean abandoned;

    Inference(List<Tensor> inputs, List<String> outputs, Priority priority, Context context) {
        this(inputs, inputs, new Asked(outputs, priority), context);
    }

    /** What a request asks for, and how urgently. */
    private record Asked(List<String> outputs, Priority priority) {}

    private Inference(List<Tensor> inputs, List<Tensor> rowInputs, Asked asked, Context context) {
        this.inputs = inputs;
        this.mostRows = rowInputs.stream().mapToLong(Inference::first).max().orElse(0);
        boolean shared = rowInputs.stream().allMatch(input -> first(input) == mostRows);
        this.rows = shared ? mostRows : 0;
        this.outputs = asked.outputs();
        this.priority = asked.priority();
        this.context = context;
    }

    /**
     * A request held against a model's metadata.
     *
     * @throws dev.augur.error.ServingException {@code INVALID_ARGUMENT} when it does not fit
     */
    static Inference of(ModelMetadata metadata, InferenceRequest request, Context context) {
        var inputs = InputCheck.inputs(metadata, request.inputs());
        var optional = metadata.inputs().stream()
                .filter(TensorMetadata::optional)
                .map(TensorMetadata::name)
                .toList();
        var rowInputs = optional.isEmpty()
                ? inputs
                : inputs.stream()
                        .filter(input -> !optional.contains(input.name()))
                        .toList();
        var outputs = InputCheck.outputs(metadata, request.outputs());
        return new Inference(inputs, rowInputs, new Asked(outputs, request.priority()), context);
    }

    List<Tensor> inputs() {
        return inputs;
    }

    List<String> outputs() {
        return outputs;
    }

    Priority priority() {
        return priority;
    }

    Promise<List<Tensor>> result() {
        return result;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    /** Called when the run has ended, before the result is delivered. */
    void ran(Instant startedAt, Instant endedAt, long batchRows) {
        times = new RunTimes(queuedAt, startedAt, endedAt, batchRows);
    }

    /** When it waited and ran; {@code null} before it has run. */
    @Nullable
    RunTimes times() {
        return times;
    }

    /** The batch that a worker took it into; {@code null} before. */
    @Nullable
    Batch batch() {
        return batch;
    }

    void joined(Batch taken) {
        batch = taken;
    }

    /** Whether nobody waits for its result any more. */
    boolean abandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    /** Rows of the batch dimension, which all inputs share but the optional ones; 0 where they do not, or have none. */
    long rows() {
        return rows;
    }

    /** The largest first dimension of the inputs that are not optional; 0 where they have none. */
    long mostRows() {
        return mostRows;
    }

    private static long first(Tensor input) {
        return input.shape().rank() == 0 ? 0 : input.shape().dimension(0);
    }

    /** Whether one run of the model can answer both: same outputs wanted, same shapes but for the rows. */
    boolean joins(Inference other) {
        if (!outputs.equals(other.outputs) || inputs.size() != other.inputs.size()) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).shape().sameRowAs(other.inputs.get(i).shape())) {
                return false;
            }
        }
        return true;
    }

    /** Delivers on the caller's context; what was delivered before stays. */
    void succeed(List<Tensor> tensors) {
        context.runOnContext(v -> result.tryComplete(tensors));
    }

    /** Delivers on the caller's context; what was delivered before stays. */
    void fail(Throwable failure) {
        context.runOnContext(v -> result.tryFail(failure));
    }
}
