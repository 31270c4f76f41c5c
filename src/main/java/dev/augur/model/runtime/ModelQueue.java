package dev.augur.model.runtime;

import dev.augur.inference.Priority;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a model's workers, the more urgent first, and which of them go together. Guarded by its
 * owner's lock.
 */
final class ModelQueue {
    private long maxBatchRows;
    private final int required;
    private final List<LinkedHashSet<Inference>> levels = Stream.generate(LinkedHashSet<Inference>::new)
            .limit(Priority.LEVELS)
            .toList();
    private int size;

    /**
     * An empty queue.
     *
     * @param required how many inputs every request gives; one that gives an optional input as well goes alone
     */
    ModelQueue(long maxBatchRows, int required) {
        this.maxBatchRows = maxBatchRows;
        this.required = required;
    }

    /** From now on every request goes alone; whether that is new. */
    boolean joinNone() {
        boolean joined = maxBatchRows > 1;
        maxBatchRows = 1;
        return joined;
    }

    /** Rows that go together at most. */
    long maxBatchRows() {
        return maxBatchRows;
    }

    int size() {
        return size;
    }

    void add(Inference inference) {
        size += levels.get(inference.priority().level() - 1).add(inference) ? 1 : 0;
    }

    /** Whether it waited here. */
    boolean remove(Inference inference) {
        boolean removed = levels.get(inference.priority().level() - 1).remove(inference);
        size -= removed ? 1 : 0;
        return removed;
    }

    /**
     * How long what waits may still wait for others; 0 when it makes a full batch, or has waited long enough.
     *
     * @param maxDelayNanos longer than 0
     */
    long patienceNanos(long maxDelayNanos) {
        long rows = 0;
        long oldest = 0;
        long now = System.nanoTime();
        for (LinkedHashSet<Inference> level : levels) {
            for (Inference inference : level) {
                oldest = Math.max(oldest, now - inference.queuedNanos());
                rows += Math.max(1, inference.rows());
                if (rows >= maxBatchRows || oldest >= maxDelayNanos) {
                    return 0;
                }
            }
        }
        return maxDelayNanos - oldest;
    }

    /** Takes the first that waits and, as far as they join it, those behind it. */
    @Nullable
    Batch next() {
        return next(any -> true, maxBatchRows);
    }

    /** The same of those requests alone, with no more rows than {@code most} where more than one joins. */
    @Nullable
    Batch next(Predicate<Inference> those, long most) {
        long maxRows = Math.min(most, maxBatchRows);
        if (size == 0) {
            return null;
        }
        var members = new ArrayList<Inference>();
        long rows = 0;
        boolean full = false;
        boolean differ = false;
        for (LinkedHashSet<Inference> level : levels) {
            var waiting = level.iterator();
            while (waiting.hasNext() && (members.isEmpty() || (rows > 0 && rows < maxRows))) {
                var candidate = waiting.next();
                if (!those.test(candidate)) {
                    continue;
                }
                long more = rows(candidate);
                if (!members.isEmpty() && !members.get(0).joins(candidate)) {
                    differ = true;
                } else if (!members.isEmpty() && (more == 0 || rows + more > maxRows)) {
                    full = true;
                } else {
                    waiting.remove();
                    size--;
                    members.add(candidate);
                    rows += more;
                }
            }
        }
        return members.isEmpty() ? null : new Batch(members, closed(members, full || rows >= maxRows, differ));
    }

    /** The rows by which it joins others; 0 if it goes alone. */
    private long rows(Inference inference) {
        return inference.inputs().size() == required ? inference.rows() : 0;
    }

    private BatchClosed closed(List<Inference> members, boolean full, boolean differ) {
        long first = rows(members.get(0));
        if (maxBatchRows == 1 || first == 0 || first > maxBatchRows) {
            return BatchClosed.ALONE;
        }
        if (full) {
            return BatchClosed.FULL;
        }
        return differ ? BatchClosed.OTHERS_DIFFER : BatchClosed.QUEUE_EMPTY;
    }
}
