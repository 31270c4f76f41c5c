package dev.augur.model.runtime;

import dev.augur.model.Model;

/**
 * A version of a model in memory. As thread-safe as the model.
 *
 * @param artifactDigest of the files it was loaded from: see {@link dev.augur.model.ArtifactDigest}
 * @param batching whether requests to it are joined
 */
record LoadedModel(Model model, String artifactDigest, BatchDecision batching) {}
