package dev.augur.demo;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.predictionlog.PredictionRecord.Times;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers what one request goes through until it can be recorded. Confined to the request's event loop. */
final class RecordDraft {
    private static final String ENDPOINT = "/predict_with_background";

    private final PredictRequest request;
    private final String node;
    private final Instant receivedAt = Instant.now();
    private @Nullable Instant featuresAt;
    private @Nullable String metadata;
    private @Nullable Instant predictStartedAt;
    private @Nullable Instant predictEndedAt;

    RecordDraft(PredictRequest request, String node) {
        this.request = request;
        this.node = node;
    }

    void fetched(String fetchedMetadata) {
        metadata = fetchedMetadata;
        featuresAt = Instant.now();
    }

    void predicted(WorkerPool.Place worker) {
        predictStartedAt = worker.startedAt();
        predictEndedAt = worker.endedAt();
    }

    /** Completes with the record, never fails, when the request has an outcome and its client has the answer or is gone. */
    Future<PredictionRecord> record(Future<PredictAnswer> answer, Future<Void> exchange) {
        return Future.join(answer, exchange).transform(over -> Future.succeededFuture(finish(answer, exchange)));
    }

    private PredictionRecord finish(Future<PredictAnswer> answer, Future<Void> exchange) {
        var respondedAt = exchange.succeeded() ? Instant.now() : null;
        var failure = answer.cause();
        var code = failure == null ? null : failure instanceof ServingException e ? e.code() : ErrorCode.INTERNAL;
        return new PredictionRecord(
                PredictionRecord.SCHEMA_VERSION,
                UUID.randomUUID().toString(),
                /* clientRequestId= */ null,
                request.itemId(),
                ENDPOINT,
                node,
                Tutorial.MODEL,
                /* modelVersion= */ null,
                status(code, exchange),
                code == null ? null : code.name(),
                failure == null ? null : failure.getMessage(),
                new Times(receivedAt, featuresAt, /* queuedAt= */ null, predictStartedAt, predictEndedAt, respondedAt),
                Map.of("feature_value", request.featureValue()),
                metadata == null
                        ? List.of()
                        : List.of(new Feature("metadata", metadata, FeatureStatus.FRESH, /* ageMs= */ null)),
                answer.succeeded() ? Map.of("prediction", answer.result().prediction()) : Map.of());
    }

    private static Status status(@Nullable ErrorCode code, Future<Void> exchange) {
        return exchange.failed() ? Status.CANCELLED : Status.of(code);
    }
}
