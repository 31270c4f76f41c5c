package dev.augur.demo;

import dev.augur.feature.TimerFeatureStore;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.worker.PoolConfig;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The tutorial's times and the sizes of its pools.
 *
 * @param fetchDelay how long fetching an item's metadata takes; zero is allowed, as for the other two
 * @param predictionDelay how long one prediction holds its thread
 * @param logDelay how long the background task takes before the record is handed over
 * @param workers threads of {@code /predict_full_async} and {@code /predict_with_background}; the other two routes have one each
 * @param queue requests that may wait on each route's pool
 */
public record DemoConfig(Duration fetchDelay, Duration predictionDelay, Duration logDelay, int workers, int queue) {
    /** The only worker of {@code /predict_sync}. */
    public static final String SYNC_POOL = "augur-sync";
    /** The only worker of {@code /predict_async_io}. */
    public static final String ASYNC_IO_POOL = "augur-async-io";
    /** The workers of the other two routes. */
    public static final String PREDICT_POOL = "augur-predict";

    /** The two stages and the log, as configured. */
    public Tutorial.Stages stages(Vertx vertx, PredictionLog log) {
        var store =
                new TimerFeatureStore(vertx, fetchDelay, Map.of(BlockingMetadata.NAME, BlockingMetadata.VALUE_ASYNC));
        return new Tutorial.Stages(
                new BlockingMetadata(fetchDelay),
                store,
                new Doubler(predictionDelay),
                new Tutorial.LogWrite(log, logDelay));
    }

    /** The open pools, found by name. */
    public Tutorial.Pools pools(Function<String, WorkerPool> byName) {
        return new Tutorial.Pools(byName.apply(SYNC_POOL), byName.apply(ASYNC_IO_POOL), byName.apply(PREDICT_POOL));
    }

    /** The pools the four routes need. */
    public List<PoolConfig> poolConfigs() {
        return List.of(
                new PoolConfig(SYNC_POOL, 1, queue),
                new PoolConfig(ASYNC_IO_POOL, 1, queue),
                new PoolConfig(PREDICT_POOL, workers, queue));
    }
}
