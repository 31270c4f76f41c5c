package dev.augur.feature;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what of a store's answer can be used. Thread-safe. */
final class AnswerCheck {
    private final String store;

    AnswerCheck(String store) {
        this.store = store;
    }

    /** What the store's answer says about one entity. */
    Answer about(Object key, Map<Object, FeatureVector> answer) {
        var vector = answer.get(key);
        if (vector == null) {
            return answer.containsKey(key) ? garbage(key, "has no vector") : new Answer.Unknown();
        }
        if (!key.equals(vector.entityKey())) {
            return garbage(key, "was answered with another entity");
        }
        for (var value : vector.values().entrySet()) {
            var problem = problem(value.getValue());
            if (problem != null) {
                return garbage(key, "has feature " + Shown.text(value.getKey()) + ", which is " + problem);
            }
        }
        return new Answer.Found(vector);
    }

    private Answer garbage(Object key, String problem) {
        return Answer.Failed.because(
                LookupFailure.GARBAGE, "feature store \"" + store + "\": entity " + Shown.text(key) + " " + problem);
    }

    private static @Nullable String problem(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number) ? null : number + ", not a finite number";
        }
        if (value instanceof Unusable unusable) {
            return unusable.why();
        }
        boolean allowed = value instanceof Long || value instanceof Boolean || value instanceof String;
        return allowed ? null : "neither number, truth value nor text";
    }
}
