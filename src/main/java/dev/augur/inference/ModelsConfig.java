package dev.augur.inference;

import java.nio.file.Path;

/**
 * Which models are served and by how many workers.
 *
 * @param repository folder of the models, {@code <name>/<version>/model.onnx}
 * @param workers threads that run models; at most one per core
 * @param queue requests that may wait for a worker; further ones are refused
 */
public record ModelsConfig(Path repository, int workers, int queue) {}
