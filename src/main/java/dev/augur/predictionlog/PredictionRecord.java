package dev.augur.predictionlog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one request: who asked for what, what was looked up, what was answered, and when. It is gathered
 * while the request is under way, ended once and handed to the prediction log; {@link RecordJson} says how it stands in
 * the ledger. Confined to the request's event loop until it is handed over, and not changed by the request after that.
 */
public final class PredictionRecord implements LogRecord, Cloneable {
    /** The current layout. */
    public static final int SCHEMA_VERSION = 1;

    final String recordId;
    final Instant receivedAt;
    final String endpoint;
    final String node;
    final String model;
    Origin origin = Origin.UNKNOWN;

    @Nullable
    Object itemId;

    @Nullable
    String modelVersion;

    @Nullable
    String artifactDigest;

    @Nullable
    String featureSource;

    @Nullable
    Instant featuresAt;

    @Nullable
    Instant queuedAt;

    @Nullable
    Instant predictStartedAt;

    @Nullable
    Instant predictEndedAt;

    @Nullable
    Instant respondedAt;

    @Nullable
    Long batchRows;

    @Nullable
    ErrorCode errorCode;

    @Nullable
    String error;

    @Nullable
    Integer httpStatus;

    private @Nullable Timeline timeline; // not written anywhere

    boolean cancelled;
    Map<String, Object> inputs = Map.of();
    List<Feature> features = List.of();
    Map<String, Object> outputs = Map.of();
    List<String> redacted = List.of();

    /**
     * A record of a request that arrives now.
     *
     * @param endpoint its path
     * @param node the node that answers
     * @param model the model that is to predict
     */
    public PredictionRecord(String endpoint, String node, String model) {
        this(newId(), Instant.now(), endpoint, node, model);
    }

    PredictionRecord(String recordId, Instant receivedAt, String endpoint, String node, String model) {
        this.recordId = recordId;
        this.receivedAt = receivedAt;
        this.endpoint = endpoint;
        this.node = node;
        this.model = model;
    }

    /** Unique, no secret: the secure generator is a lock that all requests would share. */
    private static String newId() {
        var random = ThreadLocalRandom.current();
        long version4 = (random.nextLong() & ~0xF000L) | 0x4000L;
        long variant = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(version4, variant).toString();
    }

    @Override
    public String recordId() {
        return recordId;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    /** The entity that the request is about, if it has named one: a {@code Long} or a {@code String}. */
    public @Nullable Object itemId() {
        return itemId;
    }

    /** What the client has told of the request. */
    public Origin origin() {
        return origin;
    }

    @CanIgnoreReturnValue
    public PredictionRecord origin(Origin told) {
        origin = told;
        return this;
    }

    @CanIgnoreReturnValue
    public PredictionRecord itemId(Object id) {
        itemId = id;
        return this;
    }

    /** The store that is asked for features. */
    @CanIgnoreReturnValue
    public PredictionRecord featureSource(String store) {
        featureSource = store;
        return this;
    }

    /** Features as they were looked up, now. */
    @CanIgnoreReturnValue
    public PredictionRecord features(List<Feature> found) {
        features = List.copyOf(found);
        featuresAt = Instant.now();
        return this;
    }

    /** What the model is given, by name: plain values of JSON, or a {@link RecordedTensor} each. */
    @CanIgnoreReturnValue
    public PredictionRecord inputs(Map<String, Object> byName) {
        inputs = byName;
        return this;
    }

    /** What the model yielded, by name, as its inputs. */
    @CanIgnoreReturnValue
    public PredictionRecord outputs(Map<String, Object> byName) {
        outputs = byName;
        return this;
    }

    /**
     * The version that ran.
     *
     * @param digest SHA-256 of its files, where it is known
     */
    @CanIgnoreReturnValue
    public PredictionRecord modelVersion(String version, @Nullable String digest) {
        modelVersion = version;
        artifactDigest = digest;
        return this;
    }

    /** When it waited for a worker, and the rows of the batch that it ran in. */
    @CanIgnoreReturnValue
    public PredictionRecord queued(Instant at, long rowsOfBatch) {
        queuedAt = at;
        batchRows = rowsOfBatch;
        return this;
    }

    /** When the model ran. */
    @CanIgnoreReturnValue
    public PredictionRecord ran(Instant from, Instant until) {
        predictStartedAt = from;
        predictEndedAt = until;
        return this;
    }

    /** It has no answer, for this reason; {@code null} changes nothing. */
    @CanIgnoreReturnValue
    public PredictionRecord failed(@Nullable Throwable reason) {
        if (reason != null) {
            errorCode = reason instanceof ServingException known ? known.code() : ErrorCode.INTERNAL;
            error = reason instanceof ServingException known ? known.getMessage() : "internal error";
        }
        return this;
    }

    /**
     * It is over.
     *
     * @param status of HTTP, of the answer
     * @param at when the answer had been sent; {@code null} where it is to be sent after the record
     */
    @CanIgnoreReturnValue
    public PredictionRecord answered(int status, @Nullable Instant at) {
        httpStatus = status;
        respondedAt = at;
        return over();
    }

    /** It is over: the client left before the answer. */
    @CanIgnoreReturnValue
    public PredictionRecord left() {
        cancelled = true;
        return over();
    }

    private PredictionRecord over() {
        if (timeline != null) {
            timeline.begin(Stage.RECORD);
        }
        return this;
    }

    /** Tells there when it is handed over, once its request is over, and when it is stored. */
    public void follow(Timeline ofRequest) {
        timeline = ofRequest;
        ofRequest.recordedAs(recordId);
        if (cancelled || httpStatus != null) {
            ofRequest.begin(Stage.RECORD);
        }
    }

    /** Is told when it is in the ledger; {@code null} where nobody wants to know. */
    @Nullable
    Timeline timeline() {
        return timeline;
    }

    /**
     * The record as it is now. What the request still does is not in it: a model may answer after the time of its
     * caller, while the record waits for a log that is away, or is being written.
     */
    PredictionRecord asItIs() {
        try {
            return (PredictionRecord) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this class says that it can be", e);
        }
    }

    /** What became of the request, as far as it is known. */
    public Status status() {
        return cancelled ? Status.CANCELLED : Status.of(errorCode);
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
                        REQUEST_TIMEOUT,
                        UNAUTHENTICATED,
                        PERMISSION_DENIED -> CLIENT_ERROR;
                case OVERLOADED, NOT_READY, UNAVAILABLE -> SHED;
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
}
