package dev.augur.pipeline;

import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who asks a pipeline.
 *
 * @param endpoint the path or address that was asked, for the record
 * @param traceId the client's trace, for the record; {@code null} if it told none
 * @param patience how long the client waits; the pipeline's own time-out if that is shorter
 * @param exchange completes, either way, when nobody waits for the answer any more
 */
public record PipelineCaller(String endpoint, @Nullable String traceId, Duration patience, Future<Void> exchange) {}
