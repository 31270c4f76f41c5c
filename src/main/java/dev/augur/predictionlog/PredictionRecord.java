package dev.augur.predictionlog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request: who asked for what, what was looked up, what was answered, and when. In the ledger it is one flat JSON
 * object with these fields in this order, in snake case, without those that are absent. Immutable, thread-safe.
 *
 * @param schemaVersion version of this layout
 * @param recordId unique; the same on every try to store this record
 * @param itemId the entity the request was about, if it named one
 * @param endpoint the route, such as {@code /predict_with_background}
 * @param node the node that answered
 * @param model the model that predicted
 * @param status what became of the request
 * @param errorCode name of the error code, if it failed
 * @param error the error's message, if it failed
 * @param times when the request reached each stage; a stage that was not reached is absent
 * @param inputs what the model was given, by name
 * @param features what was looked up
 * @param outputs what the model yielded, by name; empty if it did not run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PredictionRecord(
        int schemaVersion,
        String recordId,
        @Nullable Object itemId,
        String endpoint,
        String node,
        String model,
        Status status,
        @Nullable String errorCode,
        @Nullable String error,
        @JsonUnwrapped Times times,
        Map<String, Object> inputs,
        List<Feature> features,
        Map<String, Object> outputs) {

    /** The current layout. */
    public static final int SCHEMA_VERSION = 1;

    public PredictionRecord {
        inputs = Map.copyOf(inputs);
        features = List.copyOf(features);
        outputs = Map.copyOf(outputs);
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
        CANCELLED
    }

    /** One looked-up feature. */
    public record Feature(String name, Object value, FeatureStatus status) {}

    /** How fresh a looked-up feature is. */
    public enum FeatureStatus {
        /** From the store, for this request. */
        FRESH
    }

    /** When the request reached each stage, UTC. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Times(
            Instant receivedAt,
            @Nullable Instant featuresAt,
            @Nullable Instant predictStartedAt,
            @Nullable Instant predictEndedAt,
            @Nullable Instant respondedAt) {}
}
