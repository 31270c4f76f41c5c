package dev.augur.predictionlog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.predictionlog.PredictionRecord.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Gathers what one request goes through until it can be recorded. Confined to the request's event loop. */
public final class RecordBuilder {
    private final String recordId = newId();
    private final Instant receivedAt = Instant.now();
    private final String endpoint;
    private final String node;
    private final String model;
    private final Map<String, Object> inputs = new LinkedHashMap<>();
    private final Map<String, Object> outputs = new LinkedHashMap<>();
    private List<Feature> features = List.of();
    private @Nullable String modelVersion;
    private @Nullable String artifactDigest;
    private @Nullable String featureSource;
    private @Nullable String clientRequestId;
    private @Nullable String traceId;
    private @Nullable Object itemId;
    private @Nullable Instant featuresAt;
    private @Nullable Instant queuedAt;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private @Nullable Long batchRows;
    private @Nullable Throwable failure;

    /**
     * A record of a request that arrives now.
     *
     * @param endpoint its path
     * @param node the node that answers
     */
    public RecordBuilder(String endpoint, String node, String model) {
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

    public String recordId() {
        return recordId;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    @CanIgnoreReturnValue
    public RecordBuilder clientRequestId(@Nullable String id) {
        clientRequestId = id;
        return this;
    }

    /** The client's trace: 32 hexadecimal digits. */
    @CanIgnoreReturnValue
    public RecordBuilder traceId(@Nullable String id) {
        traceId = id;
        return this;
    }

    @CanIgnoreReturnValue
    public RecordBuilder itemId(Object id) {
        itemId = id;
        return this;
    }

    /**
     * The version that ran.
     *
     * @param digest of its files, where it is known
     */
    @CanIgnoreReturnValue
    public RecordBuilder modelVersion(String version, @Nullable String digest) {
        modelVersion = version;
        artifactDigest = digest;
        return this;
    }

    /** The store that is asked for features. */
    @CanIgnoreReturnValue
    public RecordBuilder featureSource(String store) {
        featureSource = store;
        return this;
    }

    /** Features as they were looked up, now. */
    @CanIgnoreReturnValue
    public RecordBuilder features(List<Feature> found) {
        features = List.copyOf(found);
        featuresAt = Instant.now();
        return this;
    }

    @CanIgnoreReturnValue
    public RecordBuilder inputs(Map<String, ?> byName) {
        inputs.putAll(byName);
        return this;
    }

    @CanIgnoreReturnValue
    public RecordBuilder outputs(Map<String, ?> byName) {
        outputs.putAll(byName);
        return this;
    }

    /** When it waited for a worker; {@code null} if it did not. */
    @CanIgnoreReturnValue
    public RecordBuilder queuedAt(@Nullable Instant time) {
        queuedAt = time;
        return this;
    }

    /** When the model ran; {@code null} each if it did not. */
    @CanIgnoreReturnValue
    public RecordBuilder ran(@Nullable Instant from, @Nullable Instant until) {
        startedAt = from;
        endedAt = until;
        return this;
    }

    @CanIgnoreReturnValue
    public RecordBuilder batchRows(long rows) {
        batchRows = rows;
        return this;
    }

    @CanIgnoreReturnValue
    public RecordBuilder failed(@Nullable Throwable reason) {
        failure = reason;
        return this;
    }

    /**
     * The record.
     *
     * @param httpStatus of the answer; {@code null} where there was none
     * @param respondedAt when the answer had been sent; {@code null} where it has not, or not yet
     */
    public PredictionRecord build(@Nullable Integer httpStatus, @Nullable Instant respondedAt) {
        return build(Status.of(code()), httpStatus, respondedAt);
    }

    /** The record of a request whose client left. */
    public PredictionRecord buildCancelled() {
        return build(Status.CANCELLED, null, null);
    }

    private PredictionRecord build(Status status, @Nullable Integer httpStatus, @Nullable Instant respondedAt) {
        var code = code();
        return new PredictionRecord(
                PredictionRecord.SCHEMA_VERSION,
                recordId,
                clientRequestId,
                traceId,
                itemId,
                endpoint,
                node,
                model,
                modelVersion,
                artifactDigest,
                featureSource,
                status,
                httpStatus,
                code == null ? null : code.name(),
                failure == null ? null : failure instanceof ServingException ? failure.getMessage() : "internal error",
                new Times(receivedAt, featuresAt, queuedAt, startedAt, endedAt, respondedAt),
                batchRows,
                inputs,
                features,
                outputs,
                /* redacted= */ List.of());
    }

    private @Nullable ErrorCode code() {
        if (failure == null) {
            return null;
        }
        return failure instanceof ServingException e ? e.code() : ErrorCode.INTERNAL;
    }
}
