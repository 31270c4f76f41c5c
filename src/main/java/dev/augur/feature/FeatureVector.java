package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The features of one entity, by name, as its store gave them. Thread-safe.
 *
 * @param values a {@code Long}, {@code Double}, {@code Boolean} or {@code String} each, or {@link Unusable}; a feature
 *     that has no value is absent
 * @param fetchedAt when the store was asked
 * @param fault why nothing of this entity can be used; {@code null} if it can
 */
public record FeatureVector(Object entityKey, Map<String, Object> values, Instant fetchedAt, @Nullable Unusable fault) {
    public FeatureVector {
        values = Map.copyOf(values);
    }

    public FeatureVector(Object entityKey, Map<String, Object> values, Instant fetchedAt) {
        this(entityKey, values, fetchedAt, null);
    }

    /** What there is of an entity of which nothing can be used. */
    public static FeatureVector unusable(Object entityKey, Unusable fault, Instant fetchedAt) {
        return new FeatureVector(entityKey, Map.of(), fetchedAt, fault);
    }

    /**
     * The text of that name.
     *
     * @throws ServingException {@code FEATURES_UNAVAILABLE} when it is not there or not a text
     */
    public String text(String name) {
        if (values.get(name) instanceof String text) {
            return text;
        }
        throw new ServingException(
                ErrorCode.FEATURES_UNAVAILABLE,
                "feature " + Shown.text(name) + " of " + Shown.text(entityKey) + " is not a text");
    }

    /** Names of the features that cannot be used. */
    Set<String> unusable() {
        return values.entrySet().stream()
                .filter(value -> value.getValue() instanceof Unusable)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
