package dev.augur.tracing;

import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import dev.augur.timeline.Timelines;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a span of each stage of a prediction, when all are over; of its record when that is stored. Thread-safe. */
record StageSpans(Tracer tracer) implements Timelines.Watcher {
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("augur.model");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("augur.model.version");
    private static final AttributeKey<Long> ROWS = AttributeKey.longKey("augur.batch.rows");
    private static final AttributeKey<String> RECORD = AttributeKey.stringKey("augur.record.id");
    private static final AttributeKey<String> THREAD = AttributeKey.stringKey("thread.name");

    @Override
    public @Nullable Object origin() {
        return Span.current().getSpanContext().isSampled() ? Context.current() : null;
    }

    @Override
    public void over(Timeline timeline) {
        for (Stage stage : Stage.ALL) {
            if (stage != Stage.RECORD) {
                add(timeline, stage);
            }
        }
    }

    @Override
    public void recorded(Timeline timeline) {
        add(timeline, Stage.RECORD);
    }

    private void add(Timeline timeline, Stage stage) {
        if (timeline.origin() instanceof Context parent && timeline.micros(stage) >= 0 && timeline.placed(stage)) {
            long from = timeline.epochMicros(stage);
            var span =
                    tracer.spanBuilder(stage.text()).setParent(parent).setStartTimestamp(from, TimeUnit.MICROSECONDS);
            describe(span, timeline, stage);
            span.startSpan().end(from + timeline.micros(stage), TimeUnit.MICROSECONDS);
        }
    }

    /** The library leaves out attributes whose value is null. */
    private static void describe(SpanBuilder span, Timeline timeline, Stage stage) {
        span.setAttribute(THREAD, timeline.thread(stage))
                .setAttribute(MODEL, timeline.subject().model());
        if (stage == Stage.PREDICT) {
            span.setAttribute(VERSION, timeline.version()).setAttribute(ROWS, timeline.batchRows());
        } else if (stage == Stage.RECORD) {
            span.setAttribute(RECORD, timeline.recordId());
        }
    }
}
