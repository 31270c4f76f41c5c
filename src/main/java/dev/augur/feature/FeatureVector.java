package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import java.util.Map;

/**
 * The features of one entity, by name. Thread-safe.
 *
 * @param values numbers, texts and booleans as plain Java values
 */
public record FeatureVector(Object entityKey, Map<String, Object> values) {
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
                ErrorCode.FEATURES_UNAVAILABLE, "feature \"" + name + "\" of \"" + entityKey + "\" is not a text");
    }
}
