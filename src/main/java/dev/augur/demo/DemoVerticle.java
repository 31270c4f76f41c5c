package dev.augur.demo;

import dev.augur.feature.TimerFeatureStore;
import dev.augur.http.NodeServices;
import dev.augur.http.Route;
import dev.augur.http.RouteGroup;
import dev.augur.model.demo.Doubler;
import dev.augur.timeline.Timeline;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the tutorial's pools and stages, and serves its routes. Confined to one event loop; its routes are thread-safe.
 */
final class DemoVerticle extends VerticleBase implements RouteGroup {
    private final DemoConfig config;
    private final NodeServices services;
    private Tutorial.Pools pools;
    private Tutorial.Stages stages;
    private Tutorial tutorial;

    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    DemoVerticle(DemoConfig config, NodeServices services) {
        this.config = config;
        this.services = services;
    }

    @Override
    public Future<?> start() {
        pools = new Tutorial.Pools(
                pool("augur-sync", 1), pool("augur-async-io", 1), pool("augur-predict", config.workers()));
        pools.all().forEach(services.meters()::pool);
        var recording = services.recording();
        stages = new Tutorial.Stages(
                new BlockingMetadata(config.fetchDelay()),
                new TimerFeatureStore(
                        vertx, config.fetchDelay(), Map.of(BlockingMetadata.NAME, BlockingMetadata.VALUE_ASYNC)),
                new Doubler(config.predictionDelay()),
                recording.through(new SlowLog(recording.log(), vertx, config.logDelay())));
        tutorial = new Tutorial(stages, pools);
        return Future.succeededFuture();
    }

    @Override
    public List<Route<?, ?>> routes() {
        return List.of(
                new PredictRoute("/predict_sync", Optional.empty(), this::timed, Tutorial::predictSync),
                new PredictRoute("/predict_async_io", Optional.empty(), this::timed, Tutorial::predictAsyncIo),
                new PredictRoute("/predict_full_async", Optional.empty(), this::timed, Tutorial::predictFullAsync),
                new PredictRoute(
                        RecordDraft.ENDPOINT,
                        Optional.of(Tutorial.MODEL),
                        this::timed,
                        Tutorial::predictWithBackground),
                new ItemRoute(tutorial::fetchMetadata));
    }

    /** Fails when predictions still run after the time they have. */
    @Override
    public Future<?> stop() {
        Duration left = services.drainTimeout().get();
        return Future.join(pools.all().stream().map(WorkerPool::drain).toList())
                .timeout(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS)
                .recover(late -> Future.failedFuture(new TimeoutException("predictions of the tutorial still ran")));
    }

    /** The tutorial for one request, which tells when its stages begin and end. */
    private Tutorial timed(@Nullable Timeline timeline) {
        return timeline == null ? tutorial : new Tutorial(TimedStages.of(stages, timeline), pools);
    }

    private WorkerPool pool(String name, int workers) {
        return new WorkerPool(vertx, name, workers, config.queue());
    }
}
