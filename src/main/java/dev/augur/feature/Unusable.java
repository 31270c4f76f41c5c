package dev.augur.feature;

/**
 * Stands in a {@link FeatureVector} for a value that cannot be used: then the entity's lookups fail, and those of others asked for in the
 * same fetch do not. Thread-safe.
 *
 * @param why continues the sentence "the entity has the feature, which is …", fit for a client
 */
public record Unusable(String why) {
    /** A value larger than the store's {@code max-value-size}. */
    public static Unusable tooLarge(int maxBytes) {
        return new Unusable("larger than the " + maxBytes + " bytes of max-value-size");
    }
}
