package dev.augur.feature;

import dev.augur.error.Shown;

/**
 * What cannot be used of an answer: in the place of a value it is the fault of that feature, as the fault of a
 * {@link FeatureVector} that of the entity. Lookups of others that were asked for in the same fetch do not see it.
 * Thread-safe.
 *
 * @param kind as what it is counted
 * @param why continues the sentence "the entity has the feature, which is …" or "the entity …", fit for a client
 */
public record Unusable(LookupFailure kind, String why) {
    /** A value larger than the store's {@code max-value-size}. */
    public static Unusable tooLarge(int maxBytes) {
        return new Unusable(LookupFailure.TOO_LARGE, "larger than the " + maxBytes + " bytes of max-value-size");
    }

    /** NaN or an infinity, by whatever name. */
    public static Unusable notFinite(Object value) {
        return new Unusable(LookupFailure.NOT_FINITE, Shown.value(value) + ", not a finite number");
    }

    /**
     * A value of another type.
     *
     * @param expected what it is not, such as "a whole number"
     */
    public static Unusable not(String expected) {
        return new Unusable(LookupFailure.WRONG_TYPE, "not " + expected);
    }

    /** The fault of an entity whose answer is of another kind. */
    public static Unusable entity(String why) {
        return new Unusable(LookupFailure.WRONG_TYPE, why);
    }

    /** The fault of an entity that has more than one row. */
    public static Unusable ambiguous() {
        return new Unusable(LookupFailure.AMBIGUOUS, "has more than one row");
    }

    /**
     * The fault of a key that no entity of this store can have.
     *
     * @param why continues the sentence "the store has no entity with this key, …"
     */
    public static Unusable key(String why) {
        return new Unusable(LookupFailure.UNKNOWN_ENTITY, why);
    }
}
