package dev.augur.pipeline;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Who asks a pipeline.
 *
 * @param endpoint the path or address that was asked, for the record
 * @param patience how long the client waits; the pipeline's own time-out if that is shorter
 * @param exchange completes, either way, when nobody waits for the answer any more
 */
public record PipelineCaller(String endpoint, Duration patience, Future<Void> exchange) {}
