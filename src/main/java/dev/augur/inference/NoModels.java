package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Future;

/** A node without the role predict: everything fails with {@code NOT_READY}. Thread-safe. */
public final class NoModels implements Predictor, ModelControl {
    @Override
    public Future<InferenceResponse> predict(InferenceRequest request, Future<?> exchange) {
        return absent();
    }

    @Override
    public Future<Void> load(String name) {
        return absent();
    }

    @Override
    public Future<Void> unload(String name) {
        return absent();
    }

    private static <T> Future<T> absent() {
        return Future.failedFuture(
                new ServingException(ErrorCode.NOT_READY, "this node does not have the role predict"));
    }
}
