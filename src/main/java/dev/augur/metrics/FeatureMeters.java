package dev.augur.metrics;

import dev.augur.feature.FeatureLookup;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.LookupStatistics;
import dev.augur.feature.LookupStatistics.Circuit;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The meters of one feature store, all tagged with its name. Thread-safe. */
final class FeatureMeters {
    private static final Map<String, ToDoubleFunction<LookupStatistics>> LOOKUPS = Map.of(
            "hit", LookupStatistics::hits,
            "stale", LookupStatistics::stale,
            "miss", LookupStatistics::misses,
            "coalesced", LookupStatistics::coalesced,
            "refused", LookupStatistics::refused);

    private final MeterRegistry registry;
    private final FeatureLookup lookup;

    private FeatureMeters(MeterRegistry registry, FeatureLookup lookup) {
        this.registry = registry;
        this.lookup = lookup;
    }

    static void register(MeterRegistry registry, FeatureLookup lookup) {
        var meters = new FeatureMeters(registry, lookup);
        LOOKUPS.forEach((outcome, value) -> meters.counter(
                "augur.features.lookups", "Lookups by where the answer came from", value, "outcome", outcome));
        for (LookupFailure failure : LookupFailure.values()) {
            meters.counter(
                    "augur.features.failures",
                    "Lookups and refreshes without an answer of the store that can be used",
                    counts -> counts.failures().getOrDefault(failure, 0L),
                    "reason",
                    failure.name().toLowerCase(Locale.ROOT));
        }
        meters.counter(
                "augur.features.defaulted",
                "Lookups answered with configured values alone",
                LookupStatistics::defaulted);
        meters.counter("augur.features.fetches", "Calls of the store", LookupStatistics::fetches);
        meters.counter(
                "augur.features.fetched.keys",
                "Entities asked for in calls of the store",
                LookupStatistics::fetchedKeys);
        meters.counter("augur.features.retries", "Calls of the store after a failure", LookupStatistics::retries);
        meters.gauge("augur.features.in.flight", "Fetches on their way", counts -> counts.now()
                .inFlight());
        meters.gauge(
                "augur.features.waiting",
                "Lookups that wait for a fetch to begin or for one that another began",
                counts -> counts.now().gathering() + counts.now().joined());
        meters.gauge("augur.features.cached", "Entities in the cache", counts -> counts.now()
                .cached());
        meters.gauge(
                "augur.features.circuit.open",
                "1 while the store is not asked",
                counts -> counts.now().circuit() == Circuit.OPEN ? 1 : 0);
    }

    private void counter(String name, String description, ToDoubleFunction<LookupStatistics> value, String... tag) {
        FunctionCounter.builder(name, lookup, one -> value.applyAsDouble(one.statistics()))
                .description(description)
                .tags(tag)
                .tag("store", lookup.name())
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<LookupStatistics> value) {
        Gauge.builder(name, lookup, one -> value.applyAsDouble(one.statistics()))
                .description(description)
                .tag("store", lookup.name())
                .register(registry);
    }
}
