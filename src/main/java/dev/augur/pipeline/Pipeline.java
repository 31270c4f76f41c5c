package dev.augur.pipeline;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureLookup;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.Predictor;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.RecordBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the features of an entity, makes the model's inputs of them, predicts, and records the outcome. Never blocks the caller;
 * futures complete on the caller's context. Thread-safe.
 */
public final class Pipeline {
    private static final int FEWEST_PLACES = 64;

    private final PipelineConfig config;
    private final Parts parts;
    private volatile @Nullable ModelBinding binding; // to the version that answered last

    /**
     * What a pipeline is made of.
     *
     * @param node this node's name in the prediction log
     * @param turnstile that of the model; pipelines of one model share it
     */
    record Parts(
            Vertx vertx,
            FeatureLookup lookup,
            Predictor predictor,
            ModelRegistry models,
            PredictionLog log,
            String node,
            Turnstile turnstile) {
        RecordBuilder record(PipelineConfig config, PipelineCaller caller) {
            return new RecordBuilder(caller.endpoint(), node, config.model()).traceId(caller.traceId());
        }
    }

    Pipeline(PipelineConfig config, Parts parts) {
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
     * passed, {@code OVERLOADED} when too many items of such requests wait, and as {@link Predictor#predict} does.
     */
    public List<Future<ItemAnswer>> predictAll(List<ItemRequest> items, PipelineCaller caller) {
        var own = config.limits().timeout();
        var timeout = caller.patience().compareTo(own) < 0 ? caller.patience() : own;
        return items.isEmpty()
                ? List.of()
                : new ItemsRun(parts, config, new ItemsRun.Request(items, timeout, caller)).begin(this::plan);
    }

    /**
     * Records an item of a list that was none.
     *
     * @param itemId as it was given; recorded if it is a {@code Long} or a {@code String}
     */
    public void refused(@Nullable Object itemId, ServingException fault, PipelineCaller caller) {
        if (config.delivery() != Delivery.OFF) {
            var record = parts.record(config, caller).failed(fault);
            if (itemId instanceof Long || itemId instanceof String) {
                record.itemId(itemId);
            }
            parts.log()
                    .append(caller.exchange()
                            .transform(over -> Future.succeededFuture(
                                    over.failed() ? record.buildCancelled() : record.build(null, Instant.now()))));
        }
    }

    private ItemsRun.Plan plan() {
        return new ItemsRun.Plan(require(), places());
    }

    /** Enough to keep the model's workers busy, and no more than half of what may wait for them. */
    private int places() {
        var runner = parts.models().require(config.model(), config.version().orElse(null));
        long busy = Math.max(FEWEST_PLACES, 2L * runner.workers() * runner.maxBatchRows());
        return (int) Math.max(1, Math.min(busy, runner.config().admission().queue() / 2));
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
            throw notReady(config, e.getMessage());
        }
    }

    /** A model that is gone is not the client's fault. */
    static Throwable translated(PipelineConfig config, Throwable failure) {
        boolean gone = failure instanceof ServingException e && e.code() == ErrorCode.NOT_FOUND;
        return gone ? notReady(config, failure.getMessage()) : failure;
    }

    private static ServingException notReady(PipelineConfig config, @Nullable String reason) {
        return new ServingException(ErrorCode.NOT_READY, "pipeline \"" + config.name() + "\": " + reason);
    }
}
