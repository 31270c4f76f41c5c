package dev.augur.inference;

import dev.augur.model.Model;

/**
 * A version of a model in memory. As thread-safe as the model.
 *
 * @param artifactDigest of the files it was loaded from: see {@link dev.augur.model.ArtifactDigest}
 */
record LoadedModel(Model model, String artifactDigest) {}
