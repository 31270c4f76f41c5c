package dev.augur.predictionlog.recording;

import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.LogRecord;
import dev.augur.worker.JsonWork;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Records every request for a prediction, whatever becomes of it: when it has been answered or its client has left; for
 * some models before that, and then the answer waits. Confined to one event loop.
 */
public final class Recorder {
    private final Recording recording;
    private final JsonWork work;

    /**
     * A recorder of one event loop.
     *
     * @param work digests large tensors elsewhere
     */
    public Recorder(Recording recording, JsonWork work) {
        this.recording = recording;
        this.work = work;
    }

    /** Begins the record of an inference request; {@code null} if it is not to have one. */
    public @Nullable InferenceTrace inference(String endpoint, String model) {
        return begin(endpoint, model, recording.deliveries().apply(model));
    }

    /** Begins a record; {@code null} where the log is off. */
    public @Nullable InferenceTrace begin(String endpoint, String model, Delivery delivery) {
        return delivery.isOn() ? new InferenceTrace(recording.begin(endpoint, model), delivery) : null;
    }

    /** Done when an answer may leave. Fails with {@code NOT_READY} when its record is not acknowledged in time. */
    public Future<Void> beforeAnswer(@Nullable InferenceTrace trace, int status) {
        if (trace == null || trace.delivery() != Delivery.BEFORE_ANSWER || !trace.takeRecord()) {
            return Future.succeededFuture();
        }
        trace.record().answered(status, /* at= */ null);
        return recording.log().store(whole(trace), recording.patience());
    }

    /**
     * The request is over.
     *
     * @param gone succeeded with the status of the answer, or failed when the client left before
     */
    public void after(InferenceTrace trace, AsyncResult<Integer> gone) {
        if (trace.takeRecord()) {
            Recording.end(trace.record(), gone, Instant.now());
            recording.log().append(whole(trace));
        }
    }

    /**
     * The record with its tensors. Large ones are digested, and the record written, on a worker; where there is none,
     * it goes without them. Never fails.
     */
    private Future<LogRecord> whole(InferenceTrace trace) {
        long bytes = trace.tensorBytes();
        return work.<LogRecord>runToTheEnd(bytes, () -> {
                    var record = trace.keepTensors(recording.maxTensorBytes());
                    return bytes > work.eventLoopBytes() ? recording.log().written(record) : record;
                })
                .recover(noWorker -> Future.succeededFuture(trace.record()));
    }
}
