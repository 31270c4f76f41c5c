package dev.augur.feature;

import dev.augur.time.Backoff;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of one feature store. Thread-safe.
 *
 * @param timeout how long a lookup may take, retries and waiting included; positive
 * @param defaults values by feature, for the policy {@code DEFAULT}
 * @param probeKey an entity that is looked up at the start until the store answers, and while the circuit is open; need
 *     not exist. Without one, only requests tell whether the store answers
 */
public record LookupConfig(
        Duration timeout,
        Retry retry,
        Breaker breaker,
        Bulkhead bulkhead,
        Cache cache,
        Policy policy,
        Map<String, Object> defaults,
        @Nullable Object probeKey) {
    private static final LookupConfig STANDARD = new LookupConfig(
            Duration.ofMillis(500),
            new Retry(2, Duration.ofMillis(20), Duration.ofMillis(200)),
            new Breaker(20, 0.5, Duration.ofSeconds(5)),
            new Bulkhead(16, 10_000),
            new Cache(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(10), 32 << 20),
            Policy.FAIL,
            Map.of(),
            null);

    public LookupConfig {
        defaults = Map.copyOf(defaults);
    }

    /** What to do about an entity that the store does not know, or a store that does not answer in time. */
    public enum Policy {
        /** The lookup fails. */
        FAIL,
        /** The configured values are used, also for a single feature that the store has no value of. */
        DEFAULT,
        /** A value past its time to live is used at once, and fetched again meanwhile; without one the lookup fails. */
        STALE
    }

    /**
     * How often a fetch that failed is tried again. Before each try passes a random time between 0 and a limit, which
     * doubles from {@code firstDelay} to {@code maxDelay}; it never ends after the time-out.
     *
     * @param retries tries after the first; 0 for none
     */
    public record Retry(int retries, Duration firstDelay, Duration maxDelay) {
        Backoff pauses() {
            return new Backoff(firstDelay, maxDelay);
        }
    }

    /**
     * When a store that fails is left alone.
     *
     * @param window as many fetches are looked at, the last ones; 0 for no breaker
     * @param failureShare from this share of failures on the circuit opens, above 0, at most 1
     * @param openFor for so long the store is not asked; then one fetch tries
     */
    public record Breaker(int window, double failureShare, Duration openFor) {}

    /**
     * How much the store is asked at once.
     *
     * @param inFlight fetches on their way, each for up to {@link FeatureStore#maxKeys} entities; at least 1
     * @param queue lookups that may wait for a fetch that has not begun, or for one that another lookup began; the rest
     *     fails at once
     */
    public record Bulkhead(int inFlight, int queue) {}

    /**
     * What is kept of the store's answers.
     *
     * @param ttl for so long an answer is used again; zero: never
     * @param negativeTtl the same for an entity that the store does not know
     * @param staleFor how long after that the policy {@code STALE} may use it
     * @param bytes about how much memory the answers may take
     */
    public record Cache(Duration ttl, Duration negativeTtl, Duration staleFor, long bytes) {
        /** Keeps nothing. */
        public static Cache none() {
            return new Cache(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
        }
    }

    /** 500 ms, 2 retries, 16 fetches in flight, answers kept for 1 s, fails when there is no answer. */
    public static LookupConfig standard() {
        return STANDARD;
    }
}
