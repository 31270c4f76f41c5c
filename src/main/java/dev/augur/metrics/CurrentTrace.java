package dev.augur.metrics;

import dev.augur.timeline.TraceParent;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;

/** The trace of the request that is being counted on this thread: it becomes the exemplar of a bucket. Thread-safe. */
final class CurrentTrace implements SpanContext {
    private static final ThreadLocal<@Nullable TraceParent> CURRENT = new ThreadLocal<>();

    /** Counts for a request of that trace; {@code null} for one without. */
    void during(@Nullable TraceParent trace, Runnable count) {
        if (trace == null) {
            count.run();
            return;
        }
        CURRENT.set(trace);
        try {
            count.run();
        } finally {
            CURRENT.remove();
        }
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        var trace = CURRENT.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        var trace = CURRENT.get();
        return trace == null ? null : trace.parentId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        var trace = CURRENT.get();
        return trace != null && trace.sampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // who samples has decided already
    }
}
