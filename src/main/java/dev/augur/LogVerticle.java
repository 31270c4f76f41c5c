package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.config.ServerConfig;
import dev.augur.consumer.LogConsumerVerticle;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.PredictionLogVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * The prediction log alone, without HTTP, to be deployed by its name: {@code deployVerticle("dev.augur.LogVerticle",
 * options)}. It takes the records of all nodes of the event bus that have no log, publishes them and gives them to
 * subscribers. Its configuration is that of {@link AugurVerticle}, of which {@code data} and {@code prediction-log}
 * count. Confined to one event loop.
 */
public final class LogVerticle extends VerticleBase {
    private @Nullable Deployments deployments;

    /** One that is configured by its deployment. */
    public LogVerticle() {}

    /** Done when it takes records. Fails when the ledger cannot be used. */
    @Override
    public Future<?> start() {
        var parts = new Deployments(vertx);
        deployments = parts;
        return AugurVerticle.outside(config(), config -> deploy(parts, config));
    }

    @Override
    public Future<?> stop() {
        return deployments == null ? Future.succeededFuture() : deployments.undeployAll();
    }

    private static Future<String> deploy(Deployments parts, ServerConfig config) {
        var log = new PredictionLogVerticle(config.predictionsDirectory(), config.predictionLog());
        return parts.deploy(Part.LOG, () -> log, 1)
                .compose(done -> parts.deploy(
                        Part.CONSUMERS, () -> new LogConsumerVerticle(log, other -> false, new Meters()), 1))
                .map(done -> log.folder().toString())
                .recover(failure -> parts.undeployAll().transform(undone -> Future.failedFuture(failure)));
    }
}
