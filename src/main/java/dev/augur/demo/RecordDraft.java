package dev.augur.demo;

import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.recording.Recording;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Gathers what one request goes through until it can be recorded. Used by one thread at a time. */
final class RecordDraft {
    static final String ENDPOINT = "/predict_with_background";

    private final Recording recording;
    private final PredictionRecord record;

    RecordDraft(PredictRequest request, Recording recording) {
        this.recording = recording;
        this.record = recording
                .begin(ENDPOINT, Tutorial.MODEL)
                .origin(request.origin())
                .itemId(request.itemId())
                .inputs(Map.of("feature_value", request.featureValue()));
        var timeline = request.timeline();
        if (timeline != null && timeline.watched()) {
            record.follow(timeline);
        }
    }

    void fetched(String metadata) {
        record.features(List.of(new Feature("metadata", metadata, FeatureStatus.FRESH, /* ageMs= */ null)));
    }

    /** Does the work and notes when; called on a worker, whose result the event loop waits for. */
    <T> T timed(Callable<T> prediction) throws Exception {
        var startedAt = Instant.now();
        try {
            return prediction.call();
        } finally {
            record.ran(startedAt, Instant.now());
        }
    }

    /** The record goes to the log when the request has an outcome and its client has the answer or is gone. */
    void recordWhenOver(Future<PredictAnswer> answer, Future<Integer> answeredOrLeft) {
        var noted = answer.onSuccess(given -> record.outputs(Map.of("prediction", given.prediction())));
        recording.whenOver(record, noted, answeredOrLeft);
    }
}
