package dev.augur.feature;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The features of one entity, as a model is to see them, in the order they were asked for. Thread-safe.
 *
 * @param values one for each feature asked for; some may be {@code MISSING}
 */
public record FeatureRow(Object entityKey, Map<String, FeatureValue> values) {
    public FeatureRow {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** This row with values that the request gives; it may name features that the row has not. */
    public FeatureRow withOverrides(Map<String, Object> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        Map<String, FeatureValue> overridden = new LinkedHashMap<>(values);
        overrides.forEach(
                (name, value) -> overridden.put(name, new FeatureValue(value, FeatureValue.Status.OVERRIDDEN, null)));
        return new FeatureRow(entityKey, overridden);
    }
}
