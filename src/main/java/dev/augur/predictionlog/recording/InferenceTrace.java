package dev.augur.predictionlog.recording;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.json.JsonText;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.Origin;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.RecordedTensor;
import dev.augur.tensor.Tensor;
import dev.augur.timeline.Timeline;
import java.util.List;
import java.util.Map;

/**
 * What one request goes through, for its record. Confined to the request's event loop until the record is handed over.
 */
public final class InferenceTrace {
    private final PredictionRecord record;
    private final Delivery delivery;
    private List<Tensor> inputs = List.of();
    private Map<String, JsonText> texts = Map.of();
    private List<Tensor> outputs = List.of();
    private boolean recorded;

    InferenceTrace(PredictionRecord record, Delivery delivery) {
        this.record = record;
        this.delivery = delivery;
    }

    /** What its client tells of it. */
    public void origin(Origin told) {
        record.origin(told);
    }

    /** What its client told of it. */
    public Origin origin() {
        return record.origin();
    }

    /** Has the record tell there when it is written: if somebody watches, or the answer waits for it. */
    public void follow(Timeline timeline) {
        if (timeline.watched() || delivery == Delivery.BEFORE_ANSWER) {
            record.follow(timeline);
        }
    }

    /**
     * What was asked.
     *
     * @param asJson elements of inputs as the client wrote them, by the input's name
     */
    public void asked(InferenceRequest request, Map<String, JsonText> asJson) {
        inputs = request.inputs();
        texts = asJson;
    }

    /** What was answered. */
    public void answered(InferenceResponse response) {
        outputs = response.outputs();
        ran(record, response);
    }

    /** Which version answered, and when it ran. */
    public static void ran(PredictionRecord record, InferenceResponse response) {
        record.modelVersion(response.version(), response.artifactDigest());
        var run = response.times();
        if (run != null) {
            record.queued(run.queuedAt(), run.batchRows()).ran(run.startedAt(), run.endedAt());
        }
    }

    /** It has no answer, for this reason. */
    public void failed(Throwable failure) {
        record.failed(failure);
    }

    /** Whether this is the first call; there is one record. */
    @CanIgnoreReturnValue
    public boolean takeRecord() {
        boolean first = !recorded;
        recorded = true;
        return first;
    }

    /** When its answer may leave, seen from its record. */
    Delivery delivery() {
        return delivery;
    }

    PredictionRecord record() {
        return record;
    }

    /** Bytes of all tensors. */
    long tensorBytes() {
        return bytes(inputs) + bytes(outputs);
    }

    /**
     * Puts the tensors into the record, where there are any; may be called on another thread, once.
     *
     * @param maxTensorBytes of one tensor, to be kept whole
     */
    @CanIgnoreReturnValue
    PredictionRecord keepTensors(long maxTensorBytes) {
        return record.inputs(RecordedTensor.all(inputs, texts, maxTensorBytes))
                .outputs(RecordedTensor.all(outputs, maxTensorBytes));
    }

    private static long bytes(List<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += tensor.data().limit();
        }
        return bytes;
    }
}
