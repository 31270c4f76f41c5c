package dev.augur.inference;

import java.nio.file.Path;

/**
 * Which models are served and by how many workers.
 *
 * @param repository folder of the models, {@code <name>/<version>/model.onnx}
 * @param workers threads of each model; at most one per core
 * @param queue requests that may wait for a model's workers; further ones are refused
 * @param maxBatchSize rows that are joined into one run at most; a request that has more runs alone
 */
public record ModelsConfig(Path repository, int workers, int queue, int maxBatchSize) {}
