package dev.augur.feature;

import io.vertx.core.Future;

/** Looks up the features of an entity. Never blocks the caller; the future completes on the caller's context. Thread-safe. */
public interface FeatureStore {
    /** Fails with {@code FEATURES_UNAVAILABLE} when the store cannot answer. */
    Future<FeatureVector> fetch(Object entityKey);
}
