package dev.augur.http;

import dev.augur.inference.Predictor;
import dev.augur.metrics.Meters;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.recording.Recording;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What routes of one's own may use of the node that serves them. Thread-safe.
 *
 * @param node its name, for records
 * @param predictor its models; on a node without the role predict they answer {@code NOT_READY}
 * @param pipelines its pipelines
 * @param recording takes records
 * @param meters shows pools among its metrics
 * @param drainTimeout how long work that runs may take when a group is undeployed
 */
public record NodeServices(
        String node,
        Predictor predictor,
        Pipelines pipelines,
        Recording recording,
        Meters meters,
        Supplier<Duration> drainTimeout) {}
