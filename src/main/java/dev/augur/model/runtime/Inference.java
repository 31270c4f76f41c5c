package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.Priority;
import dev.augur.inference.RunTimes;
import dev.augur.tensor.Tensor;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a model's queue: checked inputs, wanted outputs, and where the result goes. Its state
 * is guarded by the queue that holds it; the promise is here because the result comes from a worker.
 */
final class Inference {
    private final Checked checked;
    private final Priority priority;
    private final Context context;
    private final @Nullable Thread loop = Context.isOnEventLoopThread() ? Thread.currentThread() : null;
    private final Promise<List<Tensor>> result = Promise.promise();
    private final long queuedNanos = System.nanoTime();
    private final Instant queuedAt = Instant.now();
    private volatile @Nullable RunTimes times;
    private volatile @Nullable Batch batch;
    private volatile boolean abandoned;

    /**
     * A request that fits its model.
     *
     * @param inputs in the order of the metadata
     * @param rows of the batch dimension, which all inputs share but the optional ones; 0 where they do not, or have
     *     none
     * @param mostRows the largest first dimension of the inputs that are not optional; 0 where they have none
     */
    record Checked(List<Tensor> inputs, List<String> outputs, long rows, long mostRows) {
        /** Of inputs all of which every request gives. */
        static Checked of(List<Tensor> inputs, List<String> outputs) {
            return of(inputs, outputs, Set.of());
        }

        /** Of inputs, of which those of these names are optional. */
        static Checked of(List<Tensor> inputs, List<String> outputs, Set<String> optional) {
            long most = 0;
            for (Tensor input : inputs) {
                most = optional.contains(input.name()) ? most : Math.max(most, first(input));
            }
            boolean shared = true;
            for (Tensor input : inputs) {
                shared &= optional.contains(input.name()) || first(input) == most;
            }
            return new Checked(inputs, outputs, shared ? most : 0, most);
        }

        private static long first(Tensor input) {
            return input.shape().rank() == 0 ? 0 : input.shape().dimension(0);
        }
    }

    Inference(Checked checked, Priority priority, Context context) {
        this.checked = checked;
        this.priority = priority;
        this.context = context;
    }

    List<Tensor> inputs() {
        return checked.inputs();
    }

    List<String> outputs() {
        return checked.outputs();
    }

    Priority priority() {
        return priority;
    }

    Promise<List<Tensor>> result() {
        return result;
    }

    /** Whether it has a result, or has failed. */
    boolean over() {
        return result.future().isComplete();
    }

    long queuedNanos() {
        return queuedNanos;
    }

    /** Called on the worker when the run has ended, before the result is delivered. */
    void ran(Instant startedAt, Instant endedAt, long batchRows) {
        times = new RunTimes(
                queuedAt, startedAt, endedAt, batchRows, Thread.currentThread().getName());
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

    /** Bytes of its inputs. */
    long inputBytes() {
        long bytes = 0;
        for (Tensor input : checked.inputs()) {
            bytes += input.data().limit();
        }
        return bytes;
    }

    /** As {@link Checked#rows}. */
    long rows() {
        return checked.rows();
    }

    /** Whether one run of the model can answer both: same outputs wanted, same shapes but for the rows. */
    boolean joins(Inference other) {
        var inputs = inputs();
        var others = other.inputs();
        if (inputs.size() != others.size() || !outputs().equals(other.outputs())) {
            return false;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (!inputs.get(i).shape().sameRowAs(others.get(i).shape())) {
                return false;
            }
        }
        return true;
    }

    /** The event loop that its caller waits on; {@code null} for one that waits elsewhere. */
    @Nullable
    Thread loop() {
        return loop;
    }

    /** The context of its caller. */
    Context context() {
        return context;
    }

    /** Delivers; called on the caller's event loop. What was delivered before stays. */
    void complete(List<Tensor> tensors) {
        result.tryComplete(tensors);
    }

    /** Its time has passed; whether it had no result until now. */
    boolean failLate(Duration limit) {
        boolean late = !over();
        if (late) {
            fail(new ServingException(
                    ErrorCode.DEADLINE_EXCEEDED, "the prediction did not end within " + limit.toMillis() + " ms"));
        }
        return late;
    }

    /** Delivers on the caller's context; what was delivered before stays. */
    void fail(Throwable failure) {
        context.runOnContext(v -> result.tryFail(failure));
    }
}
