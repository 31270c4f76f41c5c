package dev.augur.feature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

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
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        var vectors = entityKeys.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), key -> new FeatureVector(key, values, Instant.now())));
        if (delay.isZero()) {
            return Future.succeededFuture(vectors);
        }
        Future<Map<Object, FeatureVector>> fetched =
                vertx.timer(delay.toMillis()).map(elapsed -> vectors);
        return fetched;
    }

    @Override
    public int maxKeys() {
        return 1;
    }

    @Override
    public Optional<Object> anEntity() {
        return Optional.of(1L);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
