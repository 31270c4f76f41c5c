package dev.augur.serving;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelineConfig;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.RecordBuilder;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records every request for a prediction, whatever becomes of it: when it has been answered or its client has left; for some models before
 * that, and then the answer waits. Confined to one event loop.
 */
public final class Recorder {
    private static final int ENDPOINT_CHARS = 500;

    private final Recording recording;
    private final JsonWork work;

    /**
     * A recorder of one event loop.
     *
     * @param work makes records of large tensors elsewhere
     */
    public Recorder(Recording recording, JsonWork work) {
        this.recording = recording;
        this.work = work;
    }

    /** Begins the record of an inference request; {@code null} if it is not to have one. */
    public @Nullable InferenceTrace inference(String endpoint, String model) {
        return begin(endpoint, model, recording.models().of(model).delivery());
    }

    /** Begins the record of a request to a pipeline, in which it stands until there are items. */
    public @Nullable InferenceTrace pipeline(String endpoint, String name, Pipelines pipelines) {
        var config = pipelines.find(name).map(Pipeline::config);
        return begin(
                endpoint,
                config.map(PipelineConfig::model).orElse(name),
                config.map(PipelineConfig::delivery).orElse(Delivery.AFTER_ANSWER));
    }

    /** Begins a record; {@code null} where the log is off. */
    public @Nullable InferenceTrace begin(String endpoint, String model, Delivery delivery) {
        if (delivery == Delivery.OFF) {
            return null;
        }
        String shown = endpoint.length() <= ENDPOINT_CHARS ? endpoint : endpoint.substring(0, ENDPOINT_CHARS);
        return new InferenceTrace(new RecordBuilder(shown, recording.node(), model), delivery);
    }

    /** Done when an answer may leave. Fails with {@code NOT_READY} when its record is not acknowledged in time. */
    Future<Void> beforeAnswer(@Nullable InferenceTrace trace, int status) {
        if (trace == null || trace.delivery() != Delivery.BEFORE_ANSWER || !trace.takeRecord()) {
            return Future.succeededFuture();
        }
        return recording
                .log()
                .append(record(trace, status, /* respondedAt= */ null))
                .timeout(recording.patience().toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now")));
    }

    /**
     * The request is over.
     *
     * @param status of the answer; {@code null} when the client left
     */
    public void after(InferenceTrace trace, @Nullable Integer status) {
        if (trace.takeRecord()) {
            recording.log().append(record(trace, status, status == null ? null : Instant.now()));
        }
    }

    /** Large tensors are put into words, and digested, on a worker. */
    private Future<PredictionRecord> record(
            InferenceTrace trace, @Nullable Integer status, @Nullable Instant respondedAt) {
        return work.toTheEnd(trace.tensorBytes(), () -> trace.record(recording.maxTensorBytes(), status, respondedAt))
                .recover(refused -> Future.succeededFuture(trace.bare(status, respondedAt)));
    }
}
