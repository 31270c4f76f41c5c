package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.time.Instant;
import java.util.Map;

/**
 * The features of one entity, by name, as its store gave them. Thread-safe.
 *
 * @param values a {@code Long}, {@code Double}, {@code Boolean} or {@code String} each; a feature that has no value is absent
 * @param fetchedAt when the store was asked
 */
public record FeatureVector(Object entityKey, Map<String, Object> values, Instant fetchedAt) {
    public FeatureVector {
        values = Map.copyOf(values);
    }

    /**
     * The text of that name.
     *
     * @throws dev.augur.error.ServingException {@code FEATURES_UNAVAILABLE} when it is not there or not a text
     */
    public String text(String name) {
        if (values.get(name) instanceof String text) {
            return text;
        }
        throw new ServingException(
                ErrorCode.FEATURES_UNAVAILABLE,
                "feature " + Shown.text(name) + " of " + Shown.text(entityKey) + " is not a text");
    }
}
