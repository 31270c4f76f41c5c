package dev.augur.serving;

import dev.augur.inference.ModelsConfig;
import dev.augur.predictionlog.PredictionLog;
import java.time.Duration;

/**
 * How inference requests are recorded. Thread-safe.
 *
 * @param node this node's name
 * @param models say when the answer may leave
 * @param maxTensorBytes of one tensor, to be kept whole in the record
 * @param patience how long an answer waits for its record at most
 */
public record Recording(PredictionLog log, String node, ModelsConfig models, long maxTensorBytes, Duration patience) {}
