package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The requests of one entrance: {@code …_requests_total} by place and status, {@code …_request_duration_seconds} by
 * place and outcome. Thread-safe.
 */
final class RequestMeters {
    private final MeterRegistry registry;
    private final Entrance entrance;
    private final ConcurrentHashMap<Key, Ended> ended = new ConcurrentHashMap<>();
    private final Set<Key> expected = ConcurrentHashMap.newKeySet();

    /**
     * What is counted.
     *
     * @param name of its meters, without what they count
     * @param place the label that says what was asked
     * @param time what is measured
     */
    record Entrance(String name, String place, String time) {}

    private record Key(String place, int status) {}

    private record Ended(Counter count, Timer time) {}

    RequestMeters(MeterRegistry registry, Entrance entrance) {
        this.registry = registry;
        this.entrance = entrance;
    }

    /** One has ended. */
    void ended(String place, int status, long nanos) {
        var meters = of(new Key(place, status));
        meters.count().increment();
        meters.time().record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Requests there may end with these statuses: {@link #show} shows them at 0, so that the first is an increase. */
    void expect(String place, Collection<Integer> statuses) {
        statuses.forEach(status -> expected.add(new Key(place, status)));
    }

    /** From now on shows what is expected. */
    void show() {
        expected.forEach(key -> ended.computeIfAbsent(key, this::register));
    }

    /** How many have ended with each status, by place. */
    Map<String, Map<Integer, Long>> counts() {
        var counts = new TreeMap<String, Map<Integer, Long>>();
        ended.forEach((key, meters) -> counts.computeIfAbsent(key.place(), place -> new TreeMap<>())
                .put(key.status(), (long) meters.count().count()));
        return counts;
    }

    /** Without the lock that {@code computeIfAbsent} may take for keys that are there. */
    private Ended of(Key key) {
        var meters = ended.get(key);
        return meters == null ? ended.computeIfAbsent(key, this::register) : meters;
    }

    private Ended register(Key key) {
        var place = Tags.of(entrance.place(), key.place());
        return new Ended(
                Counter.builder(entrance.name() + ".requests")
                        .description("Requests that have ended, by the status of the answer; 499 for none")
                        .tags(place.and("status", String.valueOf(key.status())))
                        .register(registry),
                Timer.builder(entrance.name() + ".request.duration")
                        .description(entrance.time())
                        .tags(place.and("outcome", Outcome.of(key.status()).text()))
                        .serviceLevelObjectives(Buckets.times())
                        .register(registry));
    }
}
