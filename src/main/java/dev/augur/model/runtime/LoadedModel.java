package dev.augur.model.runtime;

import dev.augur.model.Model;
import java.util.Optional;

/**
 * A version of a model in memory. As thread-safe as the model.
 *
 * @param artifactDigest of the files it was loaded from: see {@link dev.augur.model.ArtifactDigest}
 * @param batching whether requests to it are joined
 * @param example a run that it took
 */
record LoadedModel(Model model, String artifactDigest, BatchDecision batching, Optional<ExampleRun> example) {
    /** One without an example. */
    LoadedModel(Model model, String artifactDigest, BatchDecision batching) {
        this(model, artifactDigest, batching, Optional.empty());
    }
}
