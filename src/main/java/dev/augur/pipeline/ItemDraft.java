package dev.augur.pipeline;

import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.RunTimes;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.RecordBuilder;
import dev.augur.tensor.Tensor;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what one entity's prediction goes through until it can be answered and recorded. Confined to the request's event loop. */
final class ItemDraft {
    private final PipelineConfig config;
    private final ItemRequest item;
    private final RecordBuilder record;
    private final boolean logged;
    private final Duration timeout;
    private final long startNanos = System.nanoTime();
    private FeatureRow features;
    private @Nullable Instant featuresAt;
    private @Nullable String version;
    private @Nullable RunTimes times;
    private @Nullable Instant acknowledgedAt;

    ItemDraft(PipelineConfig config, ItemRequest item, RecordBuilder begun, Duration timeout) {
        this.config = config;
        this.item = item;
        this.logged = config.delivery() != Delivery.OFF;
        this.record = begun.itemId(item.itemId()).featureSource(config.store());
        this.timeout = timeout;
        this.features = new FeatureRow(item.itemId(), Map.of());
    }

    void fetched(FeatureRow row) {
        features = row;
        featuresAt = Instant.now();
        if (logged) {
            record.features(recordedFeatures());
        }
    }

    void assembled(List<Tensor> assembledInputs) {
        if (logged) {
            assembledInputs.forEach(input -> record.inputs(Map.of(input.name(), OutputFields.value(input))));
        }
    }

    void predicted(InferenceResponse response) {
        version = response.version();
        record.modelVersion(response.version(), response.artifactDigest());
        var run = response.times();
        if (run != null) {
            times = run;
            record.queuedAt(run.queuedAt()).ran(run.startedAt(), run.endedAt()).batchRows(run.batchRows());
        }
    }

    void answered(Map<String, Object> answerFields) {
        record.outputs(answerFields);
    }

    void acknowledged() {
        acknowledgedAt = Instant.now();
    }

    ItemRequest item() {
        return item;
    }

    Duration timeout() {
        return timeout;
    }

    /** What is left of the time; not above 0 when it has passed. */
    Duration left() {
        return timeout.minusNanos(System.nanoTime() - startNanos);
    }

    /** The answer, once predicted. */
    ItemAnswer answer(Map<String, Object> answerFields) {
        return new ItemAnswer(
                item.itemId(),
                answerFields,
                config.model(),
                String.valueOf(version),
                features,
                logged ? record.recordId() : null,
                stages());
    }

    /** The record of a prediction that succeeded, before its answer leaves. */
    PredictionRecord record() {
        return record.build(/* httpStatus= */ null, /* respondedAt= */ null);
    }

    /** Completes with the record, never fails, when the item has an outcome and its client has the answer or is gone. */
    Future<PredictionRecord> recordAfter(Future<?> outcome, Future<Void> exchange) {
        return Future.join(outcome, exchange).transform(over -> {
            record.failed(outcome.cause());
            return Future.succeededFuture(
                    exchange.failed() ? record.buildCancelled() : record.build(/* httpStatus= */ null, Instant.now()));
        });
    }

    private List<Feature> recordedFeatures() {
        return features.values().entrySet().stream()
                .map(feature -> feature(feature.getKey(), feature.getValue()))
                .toList();
    }

    private static Feature feature(String name, FeatureValue value) {
        var age = value.age();
        var status = FeatureStatus.valueOf(value.status().name());
        return new Feature(name, value.value(), status, age == null ? null : age.toMillis());
    }

    private ItemAnswer.Stages stages() {
        var run = times;
        var fetchedAt = featuresAt == null ? record.receivedAt() : featuresAt;
        return new ItemAnswer.Stages(
                Duration.between(record.receivedAt(), fetchedAt),
                run == null ? Duration.ZERO : Duration.between(run.queuedAt(), run.startedAt()),
                run == null ? Duration.ZERO : Duration.between(run.startedAt(), run.endedAt()),
                run == null || acknowledgedAt == null
                        ? Duration.ZERO
                        : Duration.between(run.endedAt(), acknowledgedAt));
    }
}
