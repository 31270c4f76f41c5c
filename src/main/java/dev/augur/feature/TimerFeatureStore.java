package dev.augur.feature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;

/** The tutorial's store: the same features for every entity, after a delay that holds no thread. Thread-safe. */
public final class TimerFeatureStore implements FeatureStore {
    private final Vertx vertx;
    private final Duration delay;
    private final Map<String, Object> values;

    /**
     * A store that answers after a while.
     *
     * @param delay how long a fetch takes; zero is allowed
     */
    public TimerFeatureStore(Vertx vertx, Duration delay, Map<String, Object> values) {
        this.vertx = vertx;
        this.delay = delay;
        this.values = Map.copyOf(values);
    }

    @Override
    public Future<FeatureVector> fetch(Object entityKey) {
        var vector = new FeatureVector(entityKey, values);
        if (delay.isZero()) {
            return Future.succeededFuture(vector);
        }
        Future<FeatureVector> fetched = vertx.timer(delay.toMillis()).map(elapsed -> vector);
        return fetched;
    }
}
