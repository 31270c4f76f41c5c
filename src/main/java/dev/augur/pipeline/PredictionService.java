package dev.augur.pipeline;

import dev.augur.inference.Predictor;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.predictionlog.recording.Recording;

/**
 * What predicts on a node, the same for every entrance. Thread-safe.
 *
 * @param predictor its models; on a node without the role predict they answer {@code NOT_READY}
 * @param models those that are loaded
 * @param recording has what is predicted recorded
 */
public record PredictionService(Predictor predictor, ModelRegistry models, Pipelines pipelines, Recording recording) {}
