package dev.augur.serving;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.RecordBuilder;
import dev.augur.predictionlog.RecordedTensor;
import dev.augur.tensor.Tensor;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one inference request goes through, for its record. Confined to the request's event loop until the record is made. */
public final class InferenceTrace {
    private final RecordBuilder record;
    private final Delivery delivery;
    private List<Tensor> inputs = List.of();
    private List<Tensor> outputs = List.of();
    private @Nullable String traceId;
    private boolean recorded;

    InferenceTrace(RecordBuilder record, Delivery delivery) {
        this.record = record;
        this.delivery = delivery;
    }

    /** The trace of the client that it belongs to; {@code null} if it told none. */
    public void traceId(@Nullable String id) {
        traceId = id;
        record.traceId(id);
    }

    @Nullable
    String traceId() {
        return traceId;
    }

    void asked(InferenceRequest request) {
        inputs = request.inputs();
        record.clientRequestId(request.id());
    }

    void answered(InferenceResponse response) {
        outputs = response.outputs();
        record.modelVersion(response.version(), response.artifactDigest());
        var run = response.times();
        if (run != null) {
            record.queuedAt(run.queuedAt()).ran(run.startedAt(), run.endedAt()).batchRows(run.batchRows());
        }
    }

    /** When its answer may leave, seen from its record. */
    Delivery delivery() {
        return delivery;
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

    /** Bytes of all tensors. */
    long tensorBytes() {
        return Stream.concat(inputs.stream(), outputs.stream())
                .mapToLong(tensor -> tensor.data().limit())
                .sum();
    }

    /**
     * The record with its tensors; may be called on another thread, once.
     *
     * @param maxTensorBytes of one tensor, to be kept whole
     * @param httpStatus {@code null} when the client left
     */
    PredictionRecord record(long maxTensorBytes, @Nullable Integer httpStatus, @Nullable Instant respondedAt) {
        record.inputs(RecordedTensor.all(inputs, maxTensorBytes));
        record.outputs(RecordedTensor.all(outputs, maxTensorBytes));
        return bare(httpStatus, respondedAt);
    }

    /** The record without its tensors. */
    PredictionRecord bare(@Nullable Integer httpStatus, @Nullable Instant respondedAt) {
        return httpStatus == null ? record.buildCancelled() : record.build(httpStatus, respondedAt);
    }
}
