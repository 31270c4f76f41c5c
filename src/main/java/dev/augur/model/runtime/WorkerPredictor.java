package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.inference.Predictor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Checks a request on the caller's event loop and hands it to the model's runner. Thread-safe. */
final class WorkerPredictor implements Predictor {
    private final Vertx vertx;
    private final ModelRegistry models;

    WorkerPredictor(Vertx vertx, ModelRegistry models) {
        this.vertx = vertx;
        this.models = models;
    }

    @Override
    public Future<InferenceResponse> predict(InferenceRequest request, Future<?> gone) {
        try {
            var runner = models.require(request.model(), request.version());
            var result = run(runner, request, gone);
            // If it was replaced or unloaded between the look-up and the admission, what is there now decides.
            for (var before = runner; refusedByRetired(result); before = runner) {
                runner = models.require(request.model(), request.version());
                if (runner == before) {
                    break; // the node stops
                }
                result = run(runner, request, gone);
            }
            return result;
        } catch (ServingException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Future<InferenceResponse> run(ModelRunner runner, InferenceRequest request, Future<?> gone) {
        var metadata = runner.metadata();
        var inference = runner.plan().inference(request, vertx.getOrCreateContext());
        return runner.run(inference, request.timeout(), gone)
                .map(outputs -> new InferenceResponse(
                        request.id(),
                        request.model(),
                        metadata.version(),
                        runner.artifactDigest(),
                        outputs,
                        inference.times()));
    }

    private static boolean refusedByRetired(Future<?> result) {
        return result.cause() instanceof ServingException refusal && refusal.code() == ErrorCode.NOT_READY;
    }
}
