package dev.augur.predictionlog;

import dev.augur.error.ErrorCode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request: who asked for what, what was looked up, what was answered, and when. In the ledger it is one flat JSON
 * object with these fields in this order, in snake case, without those that are absent. Immutable, thread-safe.
 *
 * @param schemaVersion version of this layout
 * @param recordId unique; the same on every try to store this record
 * @param clientRequestId the request's own {@code id}, if it has one
 * @param traceId the trace of the request (W3C Trace Context), if it names one
 * @param itemId the entity the request was about, if it named one
 * @param endpoint the route, such as {@code /predict_with_background}
 * @param node the node that answered
 * @param model the model that predicted
 * @param modelVersion the version that ran, if one did
 * @param artifactDigest SHA-256 of the files of that version
 * @param featureSource name of the store that was asked for features, if one was to be
 * @param status what became of the request
 * @param httpStatus of the answer; absent where there was none
 * @param errorCode name of the error code, if it failed
 * @param error the error's message, if it failed
 * @param times when the request reached each stage; a stage that was not reached is absent
 * @param batchRows rows of the batch it ran in; absent if it did not run in one
 * @param inputs what the model was given, by name; a tensor as an object of {@code datatype}, {@code shape} and {@code data}, or, if that is
 *     too large, {@code bytes}, {@code sha256} and {@code truncated}
 * @param features what was looked up
 * @param outputs what the model yielded, by name; empty if it did not run
 * @param redacted the fields whose values were taken out before the record was stored
 */
public record PredictionRecord(
        int schemaVersion,
        String recordId,
        @Nullable String clientRequestId,
        @Nullable String traceId,
        @Nullable Object itemId,
        String endpoint,
        String node,
        String model,
        @Nullable String modelVersion,
        @Nullable String artifactDigest,
        @Nullable String featureSource,
        Status status,
        @Nullable Integer httpStatus,
        @Nullable String errorCode,
        @Nullable String error,
        Times times,
        @Nullable Long batchRows,
        Map<String, Object> inputs,
        List<Feature> features,
        Map<String, Object> outputs,
        List<String> redacted)
        implements LogRecord {

    /** The current layout. */
    public static final int SCHEMA_VERSION = 1;

    public PredictionRecord {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        features = List.copyOf(features);
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        redacted = List.copyOf(redacted);
    }

    /** What became of a request. */
    public enum Status {
        /** Answered with a prediction. */
        OK,
        /** Refused: the request was wrong. */
        CLIENT_ERROR,
        /** The feature store did not answer. */
        FEATURES_UNAVAILABLE,
        /** The model or the server failed. */
        MODEL_ERROR,
        /** The deadline passed. */
        TIMEOUT,
        /** Refused: too much to do, or not ready. */
        SHED,
        /** The client left before the answer; outputs are present if the model had run. */
        CANCELLED;

        /** What became of a request that failed so, whose client is still there; {@code null} if it did not fail. */
        public static Status of(@Nullable ErrorCode code) {
            if (code == null) {
                return OK;
            }
            return switch (code) {
                case INVALID_ARGUMENT,
                        NOT_FOUND,
                        METHOD_NOT_ALLOWED,
                        TOO_LARGE,
                        UNSUPPORTED_MEDIA_TYPE,
                        REQUEST_TIMEOUT -> CLIENT_ERROR;
                case OVERLOADED, NOT_READY -> SHED;
                case FEATURES_UNAVAILABLE -> FEATURES_UNAVAILABLE;
                case DEADLINE_EXCEEDED, CANCELLED -> TIMEOUT; // the client was there, and got another answer before
                case PREDICTION_FAILED, INTERNAL -> MODEL_ERROR;
            };
        }
    }

    /**
     * One feature.
     *
     * @param value absent if there is none
     * @param ageMs milliseconds since the store was asked for it; absent for a value that does not come from the store
     */
    public record Feature(String name, @Nullable Object value, FeatureStatus status, @Nullable Long ageMs) {}

    /** Where the value of a feature comes from. */
    public enum FeatureStatus {
        /** From the store, for this request. */
        FRESH,
        /** From the store, for an earlier request, within its time to live. */
        CACHED,
        /** From the store, for an earlier request, past its time to live. */
        STALE,
        /** Configured, since the store had none or did not answer. */
        DEFAULT,
        /** Given by the request. */
        OVERRIDDEN,
        /** There is none. */
        MISSING
    }

    /** When the request reached each stage, UTC. */
    public record Times(
            Instant receivedAt,
            @Nullable Instant featuresAt,
            @Nullable Instant queuedAt,
            @Nullable Instant predictStartedAt,
            @Nullable Instant predictEndedAt,
            @Nullable Instant respondedAt) {}
}
