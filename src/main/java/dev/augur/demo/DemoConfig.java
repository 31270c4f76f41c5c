package dev.augur.demo;

import dev.augur.http.NodeServices;
import dev.augur.http.RouteGroup;
import dev.augur.http.RouteSource;
import java.time.Duration;

/**
 * The tutorial's times and the sizes of its pools. Thread-safe.
 *
 * @param fetchDelay how long fetching an item's metadata takes; zero is allowed, as for the other two
 * @param predictionDelay how long one prediction holds its thread
 * @param logDelay how long the background task takes before the record is handed over
 * @param workers threads of {@code /predict_full_async} and {@code /predict_with_background}; the other two routes have
 *     one each
 * @param queue requests that may wait on each route's pool
 */
public record DemoConfig(Duration fetchDelay, Duration predictionDelay, Duration logDelay, int workers, int queue)
        implements RouteSource {
    @Override
    public RouteGroup open(NodeServices services) {
        return new DemoVerticle(this, services);
    }
}
