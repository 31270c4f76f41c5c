package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureRow;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.Predictor;
import dev.augur.inference.Priority;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.RecordBuilder;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the features of an entity, makes the model's inputs of them, predicts, and records the outcome. Never blocks the caller;
 * futures complete on the caller's context. Thread-safe.
 */
public final class Pipeline {
    private static final int SHOWN_CHARS = 100;

    private final PipelineConfig config;
    private final Parts parts;
    private volatile @Nullable ModelBinding binding; // to the version that answered last

    /**
     * What a pipeline is made of.
     *
     * @param node this node's name in the prediction log
     */
    public record Parts(
            FeatureLookup lookup, Predictor predictor, ModelRegistry models, PredictionLog log, String node) {}

    public Pipeline(PipelineConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
    }

    public PipelineConfig config() {
        return config;
    }

    /** Why requests would fail now, in words that may be shown; empty when they would not. Passes by itself. */
    public Optional<String> notReady() {
        try {
            boolean needsStore = !require().inputs().features().isEmpty();
            return needsStore ? parts.lookup().notReady() : Optional.empty();
        } catch (ServingException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What the pipeline expects and yields.
     *
     * @throws ServingException as {@link #predictAll} fails when the model cannot be used
     */
    public PipelineDescription describe() {
        return PipelineDescription.of(config, require());
    }

    /**
     * Predicts for several entities, each with an outcome of its own, in their order. Each fails with {@code INVALID_ARGUMENT} when the
     * request's own features do not fit, {@code FEATURES_UNAVAILABLE} when those of the store do not suffice, {@code NOT_READY} when the
     * model is not loaded, does not fit the pipeline, or the record is not acknowledged, {@code DEADLINE_EXCEEDED} when the time has
     * passed, and as {@link Predictor#predict} does.
     */
    public List<Future<ItemAnswer>> predictAll(List<ItemRequest> items, PipelineCaller caller) {
        var own = config.limits().timeout();
        var timeout = caller.patience().compareTo(own) < 0 ? caller.patience() : own;
        var answers = new ArrayList<Future<ItemAnswer>>(items.size());
        for (ItemRequest item : items) {
            var record = new RecordBuilder(caller.endpoint(), parts.node(), config.model());
            answers.add(predict(new ItemDraft(config, item, record, timeout), caller.exchange()));
        }
        return answers;
    }

    private Future<ItemAnswer> predict(ItemDraft draft, Future<Void> exchange) {
        var predicted = Future.<Void>succeededFuture()
                .compose(now -> steps(draft, exchange))
                .timeout(Math.max(1, draft.timeout().toMillis()), TimeUnit.MILLISECONDS)
                .recover(failure -> translate(draft, failure));
        if (config.delivery() == Delivery.OFF) {
            return predicted.map(draft::answer);
        }
        if (config.delivery() == Delivery.AFTER_ANSWER) {
            parts.log().append(draft.recordAfter(predicted, exchange));
            return predicted.map(draft::answer);
        }
        return predicted.transform(outcome ->
                outcome.succeeded() ? recorded(draft, outcome.result()) : refused(draft, outcome.cause(), exchange));
    }

    private Future<Map<String, Object>> steps(ItemDraft draft, Future<Void> exchange) {
        var item = draft.item();
        var bound = require();
        requireUsed(item, bound.inputs().features());
        return features(item, bound)
                .onSuccess(draft::fetched)
                .compose(row -> predictor(draft, bound, row, exchange))
                .onSuccess(draft::predicted)
                .map(response -> bound.outputs().of(response.outputs()))
                .onSuccess(draft::answered);
    }

    /** What the request gives itself is not asked of the store. */
    private Future<FeatureRow> features(ItemRequest item, ModelBinding bound) {
        Set<String> wanted = bound.inputs().features().stream()
                .filter(name -> !item.features().containsKey(name))
                .collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            return Future.succeededFuture(new FeatureRow(item.itemId(), Map.of()).withOverrides(item.features()));
        }
        return parts.lookup().fetch(item.itemId(), wanted).map(row -> row.withOverrides(item.features()));
    }

    private Future<InferenceResponse> predictor(
            ItemDraft draft, ModelBinding bound, FeatureRow row, Future<Void> exchange) {
        var left = draft.left();
        if (left.isZero() || left.isNegative()) {
            return Future.failedFuture(new TimeoutException()); // nobody waits for it any more
        }
        var inputs = bound.inputs().row(row);
        draft.assembled(inputs);
        var request = new InferenceRequest(
                /* id= */ null,
                config.model(),
                bound.metadata().version(),
                inputs,
                bound.outputs().wanted(),
                left,
                Priority.DEFAULT);
        return parts.predictor().predict(request, exchange);
    }

    /** The answer leaves once its record is acknowledged. */
    private Future<ItemAnswer> recorded(ItemDraft draft, Map<String, Object> fields) {
        return parts.log()
                .append(Future.succeededFuture(draft.record()))
                .timeout(Math.max(1, draft.left().toMillis()), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(
                        new ServingException(ErrorCode.NOT_READY, "the prediction log does not take records now")))
                .map(acknowledged -> {
                    draft.acknowledged();
                    return draft.answer(fields);
                });
    }

    /** Nobody waits for the record of a request that failed. */
    private Future<ItemAnswer> refused(ItemDraft draft, Throwable failure, Future<Void> exchange) {
        parts.log().append(draft.recordAfter(Future.failedFuture(failure), exchange));
        return Future.failedFuture(failure);
    }

    private ModelBinding require() {
        var metadata = parts.models()
                .require(config.model(), config.version().orElse(null))
                .metadata();
        var bound = binding;
        if (bound != null && bound.metadata().equals(metadata)) {
            return bound;
        }
        try {
            bound = ModelBinding.of(metadata, config);
            binding = bound;
            return bound;
        } catch (PipelineFault e) {
            throw notReady(e.getMessage());
        }
    }

    private ServingException notReady(@Nullable String reason) {
        return new ServingException(ErrorCode.NOT_READY, "pipeline \"" + config.name() + "\": " + reason);
    }

    private void requireUsed(ItemRequest item, Set<String> features) {
        for (String name : item.features().keySet()) {
            if (!features.contains(name)) {
                throw new ServingException(
                        ErrorCode.INVALID_ARGUMENT,
                        "feature \"" + cut(name) + "\" is not one of this pipeline: " + String.join(", ", features));
            }
        }
    }

    private static String cut(String name) {
        return name.length() <= SHOWN_CHARS ? name : name.substring(0, SHOWN_CHARS) + "…";
    }

    private <T> Future<T> translate(ItemDraft draft, Throwable failure) {
        if (failure instanceof TimeoutException) {
            return Future.failedFuture(new ServingException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "pipeline \"" + config.name() + "\" did not answer within "
                            + draft.timeout().toMillis() + " ms"));
        }
        boolean gone = failure instanceof ServingException e && e.code() == ErrorCode.NOT_FOUND;
        return Future.failedFuture(gone ? notReady(failure.getMessage()) : failure);
    }
}
