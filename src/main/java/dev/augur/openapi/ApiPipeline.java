package dev.augur.openapi;

import dev.augur.error.ServingException;
import dev.augur.pipeline.Pipeline;
import dev.augur.pipeline.PipelineDescription;
import java.util.Optional;

/**
 * What is known of a pipeline at a moment; equal when nothing has changed. Immutable, thread-safe.
 *
 * @param reason why requests would fail now; empty if they would not
 * @param description empty for one that is not bound to its model
 */
public record ApiPipeline(String name, Optional<String> reason, Optional<PipelineDescription> description) {
    static ApiPipeline of(Pipeline pipeline) {
        try {
            return new ApiPipeline(pipeline.config().name(), pipeline.notReady(), Optional.of(pipeline.describe()));
        } catch (ServingException e) {
            return new ApiPipeline(
                    pipeline.config().name(), Optional.of(String.valueOf(e.getMessage())), Optional.empty());
        }
    }

    /** The key of an entity that its store knows, where that can tell one. */
    Optional<Object> example() {
        return description.flatMap(PipelineDescription::example);
    }
}
