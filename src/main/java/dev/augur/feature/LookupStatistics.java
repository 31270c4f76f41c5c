package dev.augur.feature;

import java.util.Map;

/**
 * The lookups in front of one store, counted since the start, and their state now. Lookups = hits + stale + misses +
 * coalesced + refused. Thread-safe.
 *
 * @param hits answered from the cache, unknown entities included
 * @param stale answered with a value past its time to live
 * @param misses began a fetch
 * @param coalesced joined the fetch that another lookup began
 * @param refused failed at once: circuit open, too many wait, or closed
 * @param defaulted answered with configured values alone
 * @param refreshes fetches nobody waits for
 * @param fetches calls of the store, retries included
 * @param fetchedKeys entities asked for in those calls
 * @param retries calls of the store after a failure
 * @param failures lookups, and refreshes, without an answer of the store that can be used; those with configured values
 *     instead are counted here too
 */
public record LookupStatistics(
        long lookups,
        long hits,
        long stale,
        long misses,
        long coalesced,
        long refused,
        long defaulted,
        long refreshes,
        long fetches,
        long fetchedKeys,
        long retries,
        Map<LookupFailure, Long> failures,
        Now now) {
    public LookupStatistics {
        failures = Map.copyOf(failures);
    }

    /**
     * The state at one moment.
     *
     * @param inFlight fetches on their way, or between two tries
     * @param gathering entities that wait for a fetch to begin
     * @param joined lookups that wait for a fetch that another began
     * @param cached entities in the cache
     */
    public record Now(int inFlight, int gathering, int joined, long cached, Circuit circuit) {}

    /** The state of the circuit breaker. */
    public enum Circuit {
        /** The store is asked. */
        CLOSED,
        /** The store is not asked. */
        OPEN,
        /** One fetch tries whether the store answers again. */
        HALF_OPEN
    }
}
