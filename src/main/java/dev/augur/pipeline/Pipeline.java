package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureLookup;
import dev.augur.inference.Predictor;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.recording.Recording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the features of an entity, makes the model's inputs of them, predicts, and records the outcome. Never blocks
 * the caller; futures complete on the caller's context. Thread-safe.
 */
public final class Pipeline {
    private static final int FEWEST_PLACES = 64;

    private final PipelineConfig config;
    private final Steps steps;
    private volatile @Nullable ModelBinding binding; // to the version that answered last

    /**
     * The steps of a pipeline: look up, predict, record; and what they need.
     *
     * @param turnstile that of the model; pipelines of one model share it
     */
    record Steps(
            Vertx vertx,
            FeatureLookup lookup,
            Predictor predictor,
            ModelRegistry models,
            Recording recording,
            Turnstile turnstile) {
        PredictionRecord record(PipelineConfig config, ItemsRequest request) {
            return recording
                    .begin(request.endpoint(), config.model())
                    .origin(request.caller().origin());
        }
    }

    Pipeline(PipelineConfig config, Steps steps) {
        this.config = config;
        this.steps = steps;
    }

    public PipelineConfig config() {
        return config;
    }

    /** Why requests would fail now, in words that may be shown; empty when they would not. Passes by itself. */
    public Optional<String> notReady() {
        try {
            var inputs = require().inputs();
            if (inputs.features().isEmpty()) {
                return Optional.empty();
            }
            return steps.lookup().notReady().or(() -> inputs.unfit(steps.lookup()));
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
        return PipelineDescription.of(
                config, require(), steps.lookup().anEntity().orElse(null));
    }

    /**
     * Predicts for several entities, each with an outcome of its own, in their order. Each fails with
     * {@code INVALID_ARGUMENT} when the request's own features do not fit or its key can be none, {@code NOT_FOUND}
     * when the store does not know the entity, {@code FEATURES_UNAVAILABLE} when what it has does not suffice,
     * {@code NOT_READY} when the model is not loaded, does not fit the pipeline, or the record is not acknowledged,
     * {@code DEADLINE_EXCEEDED} when the time has passed, {@code OVERLOADED} when too many items of such requests wait,
     * and as {@link Predictor#predict} does.
     */
    public List<Future<ItemAnswer>> predictAll(ItemsRequest request) {
        return request.items().isEmpty()
                ? List.of()
                : new ItemsRun(steps, config, request.within(config.limits().timeout())).begin(this::plan);
    }

    /**
     * Records an item of a list that was none.
     *
     * @param itemId as it was given; recorded if it is a {@code Long} or a {@code String}
     * @param request the list
     */
    public void refused(@Nullable Object itemId, ServingException fault, ItemsRequest request) {
        var record = steps.record(config, request);
        if (itemId instanceof Long || itemId instanceof String) {
            record.itemId(itemId);
        }
        var prediction = new Recording.Prediction<>(
                record, Future.failedFuture(fault), request.caller().gone(), () -> Duration.ZERO);
        steps.recording().recorded(config.delivery(), prediction);
    }

    private ItemsRun.Plan plan() {
        try {
            return new ItemsRun.Plan(require(), places());
        } catch (ServingException e) {
            throw translated(config, e);
        }
    }

    /** Enough to keep the model's workers busy, and no more than half of what may wait for them. */
    private int places() {
        var runner = steps.models().require(config.model(), config.version().orElse(null));
        long busy = Math.max(FEWEST_PLACES, 2L * runner.workers() * runner.maxBatchRows());
        return (int) Math.max(1, Math.min(busy, runner.config().admission().queue() / 2));
    }

    private ModelBinding require() {
        var metadata = steps.models()
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
            throw notReady(config, e.getMessage());
        }
    }

    /** A model that is gone is not the client's fault. */
    static ServingException translated(PipelineConfig config, ServingException failure) {
        return failure.code() == ErrorCode.NOT_FOUND ? notReady(config, failure.getMessage()) : failure;
    }

    private static ServingException notReady(PipelineConfig config, @Nullable String reason) {
        return new ServingException(ErrorCode.NOT_READY, "pipeline \"" + config.name() + "\": " + reason);
    }
}
