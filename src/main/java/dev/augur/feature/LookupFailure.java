package dev.augur.feature;

/** Why a lookup has no answer of the store that can be used. Thread-safe. */
public enum LookupFailure {
    /** No answer within the time-out. */
    TIMEOUT,
    /** The store failed, and failed again when retried. */
    STORE,
    /** The store answered with something that is no vector of features. */
    GARBAGE,
    /** Not asked, since too many fetches had failed. */
    CIRCUIT_OPEN,
    /** Not asked, since too many lookups wait already. */
    BULKHEAD_FULL,
    /** The store does not know the entity, or cannot have one of that key. */
    UNKNOWN_ENTITY,
    /** A feature that is no finite number. */
    NOT_FINITE,
    /** A value of another type than a feature can have, or than the store was told. */
    WRONG_TYPE,
    /** A value, or an entity's answer, above its size. */
    TOO_LARGE,
    /** More than one row for one key. */
    AMBIGUOUS,
    /** A feature that is needed and has no value. */
    NO_VALUE,
    /** A value that the model's input cannot hold. */
    UNFIT
}
