package dev.augur;

import dev.augur.config.ServerConfig;
import dev.augur.demo.Tutorial;
import dev.augur.inference.ModelControl;
import dev.augur.inference.ModelRegistry;
import dev.augur.inference.NoModels;
import dev.augur.inference.PredictionVerticle;
import dev.augur.inference.Predictor;
import dev.augur.metrics.Meters;
import dev.augur.model.ModelLoaders;
import dev.augur.pipeline.PipelineVerticle;
import dev.augur.pipeline.Pipelines;
import dev.augur.predictionlog.PredictionLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node of the role predict is made of: models, pipelines, the tutorial; on other nodes nothing of it answers. Thread-safe once deployed. */
final class PredictRole {
    private final ServerConfig config;
    private final Surroundings surroundings;
    private @Nullable PredictionVerticle predictions;
    private @Nullable PipelineVerticle pipelines;
    private @Nullable Tutorial tutorial;

    /** The parts of the node that it works with. */
    record Surroundings(ModelRegistry models, Meters meters, PredictionLog log, String node) {}

    PredictRole(ServerConfig config, Surroundings surroundings) {
        this.config = config;
        this.surroundings = surroundings;
    }

    /** Deploys its verticles; what runs has this time when they stop. */
    Future<?> deploy(Vertx vertx, Deployments deployments, Supplier<Duration> drainTimeout) {
        var pools = new PredictionVerticle.Pools(config.demo().poolConfigs(), drainTimeout);
        var verticle =
                new PredictionVerticle(config.models(), ModelLoaders.ofClassPath(), surroundings.models(), pools);
        return deployments.deploy(() -> verticle, 1).compose(deployed -> {
            predictions = verticle;
            verticle.pools().forEach(surroundings.meters()::pool);
            tutorial = new Tutorial(
                    config.demo().stages(vertx, surroundings.log()),
                    config.demo().pools(verticle::pool),
                    surroundings.node());
            return deployPipelines(deployments, verticle.predictor());
        });
    }

    Optional<Tutorial> tutorial() {
        return Optional.ofNullable(tutorial);
    }

    Predictor predictor() {
        return predictions == null ? new NoModels() : predictions.predictor();
    }

    ModelControl control() {
        return predictions == null ? new NoModels() : predictions;
    }

    Pipelines pipelines() {
        return pipelines == null ? new Pipelines(List.of()) : pipelines.pipelines();
    }

    private Future<?> deployPipelines(Deployments deployments, Predictor predictor) {
        var verticle = new PipelineVerticle(
                config.pipelines(),
                new PipelineVerticle.Surroundings(
                        predictor, surroundings.models(), surroundings.log(), surroundings.node()));
        pipelines = verticle;
        return deployments
                .deploy(() -> verticle, 1)
                .onSuccess(deployed -> surroundings.meters().features(verticle.lookups()));
    }
}
