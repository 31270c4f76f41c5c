package dev.augur.model.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What a model has done since it was loaded, in the terms of the protocol's statistics extension. Times in nanoseconds.
 * Thread-safe.
 */
public final class ModelStatistics {
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, BatchTotals> batches = new TreeMap<>();
    private final EnumMap<BatchClosed, Long> closed = new EnumMap<>(BatchClosed.class);
    private long lastInferenceMillis;
    private long rows;
    private long executions;
    private long refused;
    private long cancelled;
    private Total success = Total.NONE;
    private Total fail = Total.NONE;
    private Total queue = Total.NONE;
    private Total computeInput = Total.NONE;
    private Total computeInfer = Total.NONE;
    private Total computeOutput = Total.NONE;

    /** How often, and how long all together. */
    public record Total(long count, long nanos) {
        static final Total NONE = new Total(0, 0);

        Total plus(long more, long moreNanos) {
            return new Total(count + more, nanos + moreNanos);
        }
    }

    /** The runs of one batch size. */
    public record BatchTotals(Total computeInput, Total computeInfer, Total computeOutput) {
        static final BatchTotals NONE = new BatchTotals(Total.NONE, Total.NONE, Total.NONE);
    }

    /** When one run began, had its inputs, had its outputs, and had handed them out. */
    record Stamps(long started, long joined, long predicted, long ended) {}

    /**
     * The counts at one moment.
     *
     * @param rows rows predicted ({@code inference_count})
     * @param executions runs of the model ({@code execution_count})
     * @param refused requests refused because the queue was full
     * @param cancelled requests whose clients left, or whose time passed, before they had a result
     * @param batches by number of rows
     * @param closed how many batches went for which reason
     */
    public record Snapshot(
            long lastInferenceMillis,
            long rows,
            long executions,
            long refused,
            long cancelled,
            Stages stages,
            Map<Long, BatchTotals> batches,
            Map<BatchClosed, Long> closed) {}

    /** Totals per request, {@code queue} for those that ran. */
    public record Stages(
            Total success, Total fail, Total queue, Total computeInput, Total computeInfer, Total computeOutput) {}

    void succeeded(Batch batch, Stamps stamps) {
        int requests = batch.members().size();
        long input = stamps.joined() - stamps.started();
        long infer = stamps.predicted() - stamps.joined();
        long output = stamps.ended() - stamps.predicted();
        locked(() -> {
            lastInferenceMillis = System.currentTimeMillis();
            executions++;
            closed.merge(batch.closed(), 1L, Long::sum);
            rows += Math.max(1, batch.rows());
            long queued = 0;
            for (Inference member : batch.members()) {
                queued += member.queuedNanos();
            }
            queue = queue.plus(requests, requests * stamps.started() - queued);
            success = success.plus(requests, requests * stamps.ended() - queued);
            // As Triton counts: each request of a batch spent the whole time of its run.
            computeInput = computeInput.plus(requests, requests * input);
            computeInfer = computeInfer.plus(requests, requests * infer);
            computeOutput = computeOutput.plus(requests, requests * output);
            var size = batches.getOrDefault(Math.max(1, batch.rows()), BatchTotals.NONE);
            batches.put(
                    Math.max(1, batch.rows()),
                    new BatchTotals(
                            size.computeInput().plus(1, input),
                            size.computeInfer().plus(1, infer),
                            size.computeOutput().plus(1, output)));
            return true;
        });
    }

    void failed(Batch batch, long nanos) {
        locked(() -> {
            fail = fail.plus(batch.members().size(), nanos);
            return true;
        });
    }

    void refused() {
        locked(() -> ++refused);
    }

    void cancelled() {
        locked(() -> ++cancelled);
    }

    /** The counts now. */
    public Snapshot snapshot() {
        return locked(() -> new Snapshot(
                lastInferenceMillis,
                rows,
                executions,
                refused,
                cancelled,
                new Stages(success, fail, queue, computeInput, computeInfer, computeOutput),
                new TreeMap<>(batches),
                new TreeMap<>(closed)));
    }

    @CanIgnoreReturnValue
    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
