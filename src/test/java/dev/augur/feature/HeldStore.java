package dev.augur.feature;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store whose answers are held back until the test gives them. Thread-safe. */
final class HeldStore implements FeatureStore {
    static final Instant ASKED_AT = Instant.parse("2026-01-01T00:00:00Z");

    final List<Call> calls = new CopyOnWriteArrayList<>();
    private final int maxKeys;
    private volatile boolean closed;

    HeldStore(int maxKeys) {
        this.maxKeys = maxKeys;
    }

    record Call(Set<Object> keys, Promise<Map<Object, FeatureVector>> promise) {
        /** These values for every entity asked for. */
        void answer(Map<String, Object> values) {
            Map<Object, FeatureVector> vectors = new HashMap<>();
            keys.forEach(key -> vectors.put(key, new FeatureVector(key, values, ASKED_AT)));
            promise.complete(vectors);
        }

        void knowsNone() {
            promise.complete(Map.of());
        }

        void fail(String message) {
            promise.fail(message);
        }
    }

    /** The last call. */
    Call call() {
        return calls.get(calls.size() - 1);
    }

    boolean closed() {
        return closed;
    }

    @Override
    public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
        var call = new Call(entityKeys, Promise.promise());
        calls.add(call);
        return call.promise().future();
    }

    @Override
    public int maxKeys() {
        return maxKeys;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
