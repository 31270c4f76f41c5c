package dev.augur.feature;

import dev.augur.feature.LookupConfig.Breaker;
import dev.augur.feature.LookupConfig.Bulkhead;
import dev.augur.feature.LookupConfig.Cache;
import dev.augur.feature.LookupConfig.Policy;
import dev.augur.feature.LookupConfig.Retry;
import java.time.Duration;
import java.util.Map;

/** How a test wants features looked up: as usual, but for what it says. */
public record LookupSettings(LookupConfig config) {
    public static LookupSettings standard() {
        return new LookupSettings(LookupConfig.standard());
    }

    public LookupSettings withTimeout(Duration other) {
        return of(new Times(other, config.retry()), config.breaker(), config.bulkhead(), config.cache());
    }

    public LookupSettings withRetry(Retry other) {
        return of(new Times(config.timeout(), other), config.breaker(), config.bulkhead(), config.cache());
    }

    public LookupSettings withBreaker(Breaker other) {
        return of(times(), other, config.bulkhead(), config.cache());
    }

    public LookupSettings withBulkhead(Bulkhead other) {
        return of(times(), config.breaker(), other, config.cache());
    }

    public LookupSettings withCache(Cache other) {
        return of(times(), config.breaker(), config.bulkhead(), other);
    }

    /** The policy, and the values it uses if it is {@code DEFAULT}. */
    public LookupSettings withPolicy(Policy other, Map<String, Object> values) {
        return new LookupSettings(new LookupConfig(
                config.timeout(),
                config.retry(),
                config.breaker(),
                config.bulkhead(),
                config.cache(),
                other,
                values,
                config.probeKey()));
    }

    public LookupSettings withProbeKey(Object other) {
        return new LookupSettings(new LookupConfig(
                config.timeout(),
                config.retry(),
                config.breaker(),
                config.bulkhead(),
                config.cache(),
                config.policy(),
                config.defaults(),
                other));
    }

    private record Times(Duration timeout, Retry retry) {}

    private Times times() {
        return new Times(config.timeout(), config.retry());
    }

    private LookupSettings of(Times times, Breaker breaker, Bulkhead bulkhead, Cache cache) {
        return new LookupSettings(new LookupConfig(
                times.timeout(),
                times.retry(),
                breaker,
                bulkhead,
                cache,
                config.policy(),
                config.defaults(),
                config.probeKey()));
    }
}
