package dev.augur.model.runtime;

import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.RowIndependence;
import dev.augur.model.RowIndependence.Verdict;
import dev.augur.model.Run;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides at load whether requests to a model are joined: by what is known of the model, by a trial, and above both by
 * the operator's word. Called on a worker thread; blocks.
 */
final class RowCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RowCheck.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Vertx vertx;

    RowCheck(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What holds for a model that is warm. */
    BatchDecision decide(Model model, ModelConfig.Batching config) {
        var metadata = model.metadata();
        var known = model.rowIndependence();
        var bound = metadata.firstWithoutRows();
        if (bound.isPresent()) {
            return BatchDecision.off("the first dimension of \"" + bound.get().name() + "\" is not free");
        }
        if (config.maxSize() == 1) {
            boolean rows = known.verdict() != Verdict.NO;
            return rows ? new BatchDecision(true, "off: max-batch-size is 1") : BatchDecision.off(known.reason());
        }
        if (known.verdict() == Verdict.NO && !config.ordered()) {
            LOG.info("model {} version {} is not batched: {}", metadata.name(), metadata.version(), known.reason());
            return BatchDecision.off(known.reason());
        }
        return decide(metadata, known, new Tried(tried(model), config.ordered()));
    }

    /** How a trial ended, and whether the operator wants batches anyway. */
    private record Tried(RowTrial.Outcome trial, boolean ordered) {}

    private static BatchDecision decide(ModelMetadata metadata, RowIndependence known, Tried tried) {
        var name = metadata.name() + " version " + metadata.version();
        var trial = tried.trial();
        boolean independent =
                switch (trial.ending()) {
                    case AGREE -> known.verdict() != Verdict.NO;
                    case FAILED -> known.verdict() == Verdict.YES;
                    case DIFFER -> false;
                };
        if (independent) {
            if (trial.ending() == RowTrial.Ending.FAILED) {
                LOG.info("model {} is batched by its proof alone, a trial failed: {}", name, trial.reason());
            }
            return BatchDecision.INDEPENDENT;
        }
        boolean agree = trial.ending() == RowTrial.Ending.AGREE;
        String reason = known.verdict() == Verdict.NO ? known.reason() : trial.reason();
        if (!tried.ordered()) {
            LOG.warn("model {} is not batched: {}", name, reason);
            return BatchDecision.off(reason);
        }
        LOG.warn(
                "model {} is batched because max-batch-size is set for it, but its rows may not be independent: {}; {}",
                name,
                reason,
                agree ? "a trial found no difference" : "a trial: " + trial.reason());
        return new BatchDecision(true, "on by max-batch-size, although " + reason);
    }

    private RowTrial.Outcome tried(Model model) {
        var run = new Run();
        long timer = vertx.setTimer(LIMIT.toMillis(), late -> run.stop());
        try {
            return new RowTrial(model, run, System.nanoTime() + LIMIT.toNanos()).outcome();
        } finally {
            vertx.cancelTimer(timer);
        }
    }
}
