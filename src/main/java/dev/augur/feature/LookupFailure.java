package dev.augur.feature;

/** Why a lookup has no answer of the store. Thread-safe. */
public enum LookupFailure {
    /** No answer within the time-out. */
    TIMEOUT,
    /** The store failed, and failed again when retried. */
    STORE,
    /** The store answered with something that is no feature value. */
    GARBAGE,
    /** Not asked, since too many fetches had failed. */
    CIRCUIT_OPEN,
    /** Not asked, since too many lookups wait already. */
    BULKHEAD_FULL,
    /** The store does not know the entity. */
    UNKNOWN_ENTITY
}
