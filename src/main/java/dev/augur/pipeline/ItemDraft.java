package dev.augur.pipeline;

import dev.augur.feature.FeatureRow;
import dev.augur.feature.FeatureValue;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.RunTimes;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.FeatureStatus;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.tensor.Tensor;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what one entity's prediction goes through until it can be answered and recorded. Confined to the request's
 * event loop.
 */
final class ItemDraft {
    private final PipelineConfig config;
    private final ItemRequest item;
    private final PredictionRecord record;
    private final boolean logged;
    private final Duration timeout;
    private final long startNanos = System.nanoTime();
    private FeatureRow features;
    private @Nullable Timeline timeline; // while somebody watches
    private @Nullable Instant featuresAt;
    private @Nullable String version;
    private @Nullable RunTimes times;

    ItemDraft(PipelineConfig config, ItemRequest item, PredictionRecord begun, Duration timeout) {
        this.config = config;
        this.item = item;
        this.logged = config.delivery().isOn();
        this.record = begun.itemId(item.itemId()).featureSource(config.store());
        this.timeout = timeout;
        this.features = new FeatureRow(item.itemId(), Map.of());
    }

    /** Tells its stages there. */
    void follow(Timeline mine) {
        timeline = mine;
        if (logged) {
            record.follow(mine);
        }
    }

    /** The store has answered, or failed. */
    void lookedUp() {
        if (timeline != null) {
            timeline.took(Stage.FETCH, record.receivedAt(), Instant.now(), /* thread= */ null);
        }
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
            var values = new LinkedHashMap<String, Object>();
            assembledInputs.forEach(input -> values.put(input.name(), OutputFields.value(input)));
            record.inputs(values);
        }
    }

    void predicted(InferenceResponse response) {
        version = response.version();
        times = response.times();
        if (timeline != null) {
            response.tell(timeline);
        }
        InferenceTrace.ran(record, response);
    }

    void answered(Map<String, Object> answerFields) {
        record.outputs(answerFields);
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

    /** What is recorded of it. */
    PredictionRecord record() {
        return record;
    }

    private List<Feature> recordedFeatures() {
        return features.values().entrySet().stream()
                .map(feature -> feature(feature.getKey(), feature.getValue()))
                .toList();
    }

    private static Feature feature(String name, FeatureValue value) {
        var age = value.age();
        var status =
                switch (value.status()) {
                    case FRESH -> FeatureStatus.FRESH;
                    case CACHED -> FeatureStatus.CACHED;
                    case STALE -> FeatureStatus.STALE;
                    case DEFAULT -> FeatureStatus.DEFAULT;
                    case OVERRIDDEN -> FeatureStatus.OVERRIDDEN;
                    case MISSING -> FeatureStatus.MISSING;
                };
        return new Feature(name, value.value(), status, age == null ? null : age.toMillis());
    }

    private ItemAnswer.Stages stages() {
        var run = times;
        var fetchedAt = featuresAt == null ? record.receivedAt() : featuresAt;
        return new ItemAnswer.Stages(
                Duration.between(record.receivedAt(), fetchedAt),
                run == null ? Duration.ZERO : Duration.between(run.queuedAt(), run.startedAt()),
                run == null ? Duration.ZERO : Duration.between(run.startedAt(), run.endedAt()),
                run != null && config.delivery() == Delivery.BEFORE_ANSWER
                        ? Duration.between(run.endedAt(), Instant.now())
                        : Duration.ZERO);
    }
}
