package dev.augur.demo;

import dev.augur.worker.PoolConfig;
import java.time.Duration;
import java.util.List;

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

    /** The pools the four routes need. */
    public List<PoolConfig> pools() {
        return List.of(
                new PoolConfig(SYNC_POOL, 1, queue),
                new PoolConfig(ASYNC_IO_POOL, 1, queue),
                new PoolConfig(PREDICT_POOL, workers, queue));
    }
}
