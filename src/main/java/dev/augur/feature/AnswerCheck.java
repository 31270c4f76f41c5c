package dev.augur.feature;

import dev.augur.error.Shown;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what of a store's answer can be used, entity by entity and feature by feature. Thread-safe. */
final class AnswerCheck {
    private final String store;

    AnswerCheck(String store) {
        this.store = store;
    }

    /** What the store's answer says about one entity. */
    FetchOutcome about(Object key, Map<Object, FeatureVector> answer) {
        var vector = answer.get(key);
        if (vector == null) {
            return answer.containsKey(key) ? garbage(key, "has no vector") : new FetchOutcome.Unknown();
        }
        if (!key.equals(vector.entityKey())) {
            return garbage(key, "was answered with another entity");
        }
        Map<String, Object> replaced = new HashMap<>();
        vector.values().forEach((name, value) -> {
            var fault = fault(value);
            if (fault != null) {
                replaced.put(name, fault);
            }
        });
        if (replaced.isEmpty()) {
            return new FetchOutcome.Found(vector);
        }
        Map<String, Object> values = new HashMap<>(vector.values());
        values.putAll(replaced);
        return new FetchOutcome.Found(new FeatureVector(key, values, vector.fetchedAt(), vector.fault()));
    }

    private FetchOutcome garbage(Object key, String problem) {
        return FetchOutcome.Failed.because(
                LookupFailure.GARBAGE, "feature store \"" + store + "\": entity " + Shown.text(key) + " " + problem);
    }

    private static @Nullable Unusable fault(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? null : Unusable.notFinite(number);
        }
        boolean allowed = value instanceof Long
                || value instanceof Boolean
                || value instanceof String
                || value instanceof Unusable;
        return allowed ? null : new Unusable(LookupFailure.WRONG_TYPE, "neither number, truth value nor text");
    }
}
