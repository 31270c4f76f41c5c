package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Predictor;
import io.vertx.core.Future;

/** A node without the role predict: everything fails with {@code NOT_READY}. Thread-safe. */
public final class NoModels implements Predictor, ModelControl {
    @Override
    public Future<InferenceResponse> predict(InferenceRequest request, Future<?> gone) {
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
