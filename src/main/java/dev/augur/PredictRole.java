package dev.augur;

import dev.augur.config.ServerConfig;
import dev.augur.consumer.ConsumerVerticle;
import dev.augur.consumer.InFlight;
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
import dev.augur.serving.BodyMemory;
import dev.augur.serving.Recording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node of the role predict is made of: models, pipelines, the tutorial; on other nodes nothing of it answers. Thread-safe once deployed. */
final class PredictRole {
    private final ServerConfig config;
    private final Surroundings surroundings;
    private @Nullable PredictionVerticle predictions;
    private @Nullable PipelineVerticle pipelines;
    private @Nullable Tutorial tutorial;
    private final List<ConsumerVerticle> consumers = new CopyOnWriteArrayList<>();

    /** The parts of the node that it works with. */
    record Surroundings(ModelRegistry models, Meters meters, BodyMemory bodyMemory, Recording recording) {}

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
                    config.demo().stages(vertx, surroundings.recording().log()),
                    config.demo().pools(verticle::pool),
                    surroundings.recording().node());
            return deployPipelines(deployments, verticle.predictor());
        });
    }

    /** Deploys the public addresses of the event bus; their requests have this time when they stop. */
    Future<?> deployConsumers(Deployments deployments, Supplier<Duration> drainTimeout) {
        var inFlight = new InFlight(config.eventBus().maxRequests());
        surroundings.meters().busInFlight(inFlight::count);
        var services = new ConsumerVerticle.Services(
                predictor(),
                surroundings.models(),
                pipelines(),
                surroundings.recording(),
                surroundings.bodyMemory(),
                surroundings.meters(),
                inFlight);
        return deployments.deploy(
                () -> {
                    var consumer = new ConsumerVerticle(consumers.size(), config.eventBus(), services, drainTimeout);
                    consumers.add(consumer);
                    return consumer;
                },
                config.eventBus().instances());
    }

    /** Takes its addresses off the event bus; what has arrived is still answered. */
    void deregister() {
        consumers.forEach(ConsumerVerticle::deregister);
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
                        predictor,
                        surroundings.models(),
                        surroundings.recording().log(),
                        surroundings.recording().node()));
        pipelines = verticle;
        return deployments.deploy(() -> verticle, 1).onSuccess(deployed -> {
            surroundings.meters().features(verticle.lookups());
            surroundings.meters().items(verticle.itemsUnderWay());
        });
    }
}
