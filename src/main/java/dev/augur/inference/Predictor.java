package dev.augur.inference;

import io.vertx.core.Future;

/** Answers inference requests. Never blocks the caller; the future completes on the caller's context. */
public interface Predictor {
    /**
     * Fails with {@code INVALID_ARGUMENT} when the inputs do not fit the model, {@code NOT_FOUND} or {@code NOT_READY}
     * when the model cannot be used, {@code OVERLOADED} when too many requests are in flight, {@code PREDICTION_FAILED}
     * when the model fails.
     *
     * @param gone completes, either way, when nobody waits for the response any more; work that has not begun then
     *     never does
     */
    Future<InferenceResponse> predict(InferenceRequest request, Future<?> gone);
}
