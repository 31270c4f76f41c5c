package dev.augur;

import dev.augur.Deployments.Part;
import dev.augur.config.ServerConfig;
import dev.augur.consumer.Admission;
import dev.augur.consumer.ConsumerVerticle;
import dev.augur.inference.Predictor;
import dev.augur.model.ModelLoaders;
import dev.augur.model.runtime.ModelControl;
import dev.augur.model.runtime.ModelRegistry;
import dev.augur.model.runtime.NoModels;
import dev.augur.model.runtime.PredictionVerticle;
import dev.augur.pipeline.PipelineVerticle;
import dev.augur.pipeline.Pipelines;
import dev.augur.pipeline.PredictionService;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.statement.NodeStatement;
import dev.augur.statement.ServedPipeline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node of the role predict is made of: models and pipelines; on other nodes nothing of it answers. Thread-safe
 * once deployed.
 */
final class PredictRole {
    private final ServerConfig config;
    private final ModelRegistry models;
    private final Recording recording;
    private final Admission admission;
    private @Nullable PredictionVerticle predictions;
    private @Nullable PipelineVerticle pipelines;
    private final List<ConsumerVerticle> consumers = new CopyOnWriteArrayList<>();

    /**
     * The role on this node.
     *
     * @param admission of messages of the event bus
     */
    PredictRole(ServerConfig config, ModelRegistry models, Recording recording, Admission admission) {
        this.config = config;
        this.models = models;
        this.recording = recording;
        this.admission = admission;
    }

    /** Deploys its verticles; what runs has this time when they stop. */
    Future<?> deploy(Deployments deployments, Supplier<Duration> drainTimeout) {
        var verticle = new PredictionVerticle(config.models(), ModelLoaders.ofClassPath(), models, drainTimeout);
        return deployments.deploy(Part.PREDICTION, () -> verticle, 1).compose(deployed -> {
            predictions = verticle;
            return deployPipelines(deployments, verticle.predictor());
        });
    }

    /** Deploys the public addresses of the event bus; their requests have this time when they stop. */
    Future<?> deployConsumers(Deployments deployments, String node, Supplier<Duration> drainTimeout) {
        admission.meters().busInFlight(admission.inFlight()::count);
        var service = service();
        return deployments.deploy(
                Part.CONSUMERS,
                () -> {
                    var instance = new ConsumerVerticle.Instance(consumers.size(), node);
                    var consumer = new ConsumerVerticle(instance, service, admission, drainTimeout);
                    consumers.add(consumer);
                    return consumer;
                },
                config.eventBus().instances());
    }

    /** Takes its addresses off the event bus; what has arrived is still answered. */
    void deregister() {
        consumers.forEach(ConsumerVerticle::deregister);
    }

    /** Loads the models; done when each is served, or cannot be, and the feature stores have had some time to open. */
    Future<Void> load() {
        var stores = pipelines;
        return predictions == null || stores == null
                ? Future.succeededFuture()
                : Future.join(predictions.loadAll(), stores.opened())
                        .onComplete(done -> stores.tell())
                        .mapEmpty();
    }

    /** What is asked for predictions, once it is deployed. */
    PredictionService service() {
        var predictor = predictions == null ? new NoModels() : predictions.predictor();
        var served = pipelines == null ? new Pipelines(List.of()) : pipelines.pipelines();
        return new PredictionService(predictor, models, served, recording);
    }

    /** The pipelines, as the cluster is told of them. */
    List<ServedPipeline> served() {
        var verticle = pipelines;
        return verticle == null || predictions == null
                ? List.of()
                : verticle.pipelines().all().stream()
                        .limit(NodeStatement.MOST_SERVED)
                        .map(pipeline -> new ServedPipeline(
                                pipeline.config().name(),
                                pipeline.config().model(),
                                pipeline.notReady().isEmpty()))
                        .toList();
    }

    ModelControl control() {
        return predictions == null ? new NoModels() : predictions;
    }

    private Future<?> deployPipelines(Deployments deployments, Predictor predictor) {
        var verticle = new PipelineVerticle(config.pipelines(), predictor, models, recording);
        pipelines = verticle;
        return deployments.deploy(Part.PREDICTION, () -> verticle, 1).onSuccess(deployed -> {
            admission.meters().features(verticle.lookups());
            admission.meters().items(verticle.itemsUnderWay());
        });
    }
}
