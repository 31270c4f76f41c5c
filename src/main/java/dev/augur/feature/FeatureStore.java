package dev.augur.feature;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks up the features of entities in one place. Never blocks the caller; futures complete on the caller's context. An
 * entity key is a {@code Long} or a {@code String}. Thread-safe.
 */
public interface FeatureStore {
    /**
     * The features of these entities; one that the store does not know is absent from the answer. What is wrong with
     * one entity or one of its features is {@link Unusable} there. Fails with {@code FEATURES_UNAVAILABLE} when the
     * store cannot answer: that is the failure of every entity in the call, retried, and counted by the circuit
     * breaker.
     *
     * @param entityKeys at least one, at most {@link #maxKeys}
     */
    Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys);

    /** How many entities one fetch may ask for; 1 for a store that looks up one at a time. */
    int maxKeys();

    /** Why no fetch can be answered now, in words that may be shown; empty when one can, or the store cannot tell. */
    default Optional<String> notReady() {
        return Optional.empty();
    }

    /** What a model's input wants of a feature. Truth values are numbers here. */
    enum Form {
        NUMBER,
        TEXT
    }

    /**
     * Why no entity has that feature in that form, in words that may be shown; empty when one may have. A feature that
     * only some entities lack, or have in another form, is their fault alone.
     */
    default Optional<String> unfit(String feature, Form form) {
        return Optional.empty();
    }

    /** The key of an entity that the store knows, for an example; empty where it cannot tell one. */
    default Optional<Object> anEntity() {
        return Optional.empty();
    }

    /**
     * Done when the store has tried for the first time to get what it needs, whether or not it could; at once where it
     * needs nothing.
     */
    default Future<Void> opened() {
        return Future.succeededFuture();
    }

    /** Frees connections and files; fetches still on their way fail. */
    Future<Void> close();
}
