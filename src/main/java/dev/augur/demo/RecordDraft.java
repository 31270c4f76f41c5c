package dev.augur.demo;

import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.RecordBuilder;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Gathers what one request goes through until it can be recorded. Confined to the request's event loop. */
final class RecordDraft {
    private static final String ENDPOINT = "/predict_with_background";

    private final RecordBuilder record;

    RecordDraft(PredictRequest request, String node) {
        this.record = new RecordBuilder(ENDPOINT, node, Tutorial.MODEL)
                .itemId(request.itemId())
                .inputs(Map.of("feature_value", request.featureValue()));
    }

    void fetched(String metadata) {
        record.features(List.of(new Feature("metadata", metadata, FeatureStatus.FRESH, /* ageMs= */ null)));
    }

    void predicted(WorkerPool.Place worker) {
        record.ran(worker.startedAt(), worker.endedAt());
    }

    /** Completes with the record, never fails, when the request has an outcome and its client has the answer or is gone. */
    Future<PredictionRecord> record(Future<PredictAnswer> answer, Future<Void> exchange) {
        return Future.join(answer, exchange).transform(over -> Future.succeededFuture(finish(answer, exchange)));
    }

    private PredictionRecord finish(Future<PredictAnswer> answer, Future<Void> exchange) {
        if (answer.succeeded()) {
            record.outputs(Map.of("prediction", answer.result().prediction()));
        }
        record.failed(answer.cause());
        return exchange.failed() ? record.buildCancelled() : record.build(/* httpStatus= */ null, Instant.now());
    }
}
