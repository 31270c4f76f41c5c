package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.RunTimes;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.predictionlog.PredictionRecord.Times;
import dev.augur.tensor.Tensor;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Gathers what one entity's prediction goes through until it can be answered and recorded. Confined to the request's event loop. */
final class ItemDraft {
    private final PipelineConfig config;
    private final ItemRequest item;
    private final String node;
    private final String recordId = UUID.randomUUID().toString();
    private final Instant receivedAt = Instant.now();
    private final long startNanos = System.nanoTime();
    private FeatureRow features;
    private @Nullable Instant featuresAt;
    private List<Tensor> inputs = List.of();
    private @Nullable String version;
    private @Nullable RunTimes times;
    private Map<String, Object> fields = Map.of();
    private @Nullable Instant acknowledgedAt;

    ItemDraft(PipelineConfig config, ItemRequest item, String node) {
        this.config = config;
        this.item = item;
        this.node = node;
        this.features = new FeatureRow(item.itemId(), Map.of());
    }

    void fetched(FeatureRow row) {
        features = row;
        featuresAt = Instant.now();
    }

    void assembled(List<Tensor> assembledInputs) {
        inputs = assembledInputs;
    }

    void predicted(InferenceResponse response) {
        version = response.version();
        times = response.times();
    }

    void answered(Map<String, Object> answerFields) {
        fields = answerFields;
    }

    void acknowledged() {
        acknowledgedAt = Instant.now();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** The answer, once predicted. */
    ItemAnswer answer(Map<String, Object> answerFields) {
        boolean logged = config.delivery() != PipelineConfig.Delivery.OFF;
        return new ItemAnswer(
                item.itemId(),
                answerFields,
                config.model(),
                String.valueOf(version),
                features,
                logged ? recordId : null,
                stages());
    }

    /** The record of a prediction that succeeded, before its answer leaves. */
    PredictionRecord record() {
        return record(Status.OK, null, null);
    }

    /** Completes with the record, never fails, when the item has an outcome and its client has the answer or is gone. */
    Future<PredictionRecord> recordAfter(Future<?> outcome, Future<Void> exchange) {
        return Future.join(outcome, exchange).transform(over -> {
            var respondedAt = exchange.succeeded() ? Instant.now() : null;
            var status = exchange.failed() ? Status.CANCELLED : Status.of(code(outcome.cause()));
            return Future.succeededFuture(record(status, outcome.cause(), respondedAt));
        });
    }

    private PredictionRecord record(Status status, @Nullable Throwable failure, @Nullable Instant respondedAt) {
        var code = code(failure);
        var run = times;
        return new PredictionRecord(
                PredictionRecord.SCHEMA_VERSION,
                recordId,
                /* clientRequestId= */ null,
                item.itemId(),
                "/predict/" + config.name(),
                node,
                config.model(),
                version,
                status,
                code == null ? null : code.name(),
                failure == null ? null : failure.getMessage(),
                new Times(
                        receivedAt,
                        featuresAt,
                        run == null ? null : run.queuedAt(),
                        run == null ? null : run.startedAt(),
                        run == null ? null : run.endedAt(),
                        respondedAt),
                recordedInputs(),
                recordedFeatures(),
                fields);
    }

    private Map<String, Object> recordedInputs() {
        var recorded = new LinkedHashMap<String, Object>();
        inputs.forEach(input -> recorded.put(input.name(), OutputFields.value(input)));
        return recorded;
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
        var fetchedAt = featuresAt == null ? receivedAt : featuresAt;
        return new ItemAnswer.Stages(
                Duration.between(receivedAt, fetchedAt),
                run == null ? Duration.ZERO : Duration.between(run.queuedAt(), run.startedAt()),
                run == null ? Duration.ZERO : Duration.between(run.startedAt(), run.endedAt()),
                run == null || acknowledgedAt == null
                        ? Duration.ZERO
                        : Duration.between(run.endedAt(), acknowledgedAt));
    }

    private static @Nullable ErrorCode code(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        return failure instanceof ServingException e ? e.code() : ErrorCode.INTERNAL;
    }
}
