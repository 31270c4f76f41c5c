package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
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
    public Future<InferenceResponse> predict(InferenceRequest request, Future<?> exchange) {
        try {
            var runner = models.require(request.model(), request.version());
            var result = run(runner, request, exchange);
            // If it was replaced or unloaded between the look-up and the admission, what is there now decides.
            for (var before = runner; refusedByRetired(result); before = runner) {
                runner = models.require(request.model(), request.version());
                if (runner == before) {
                    break; // the node stops
                }
                result = run(runner, request, exchange);
            }
            return result;
        } catch (ServingException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Future<InferenceResponse> run(ModelRunner runner, InferenceRequest request, Future<?> exchange) {
        var metadata = runner.metadata();
        var inference = Inference.of(metadata, request, vertx.getOrCreateContext());
        int maxRows = runner.config().admission().maxRows();
        if (runner.batched() && inference.mostRows() > maxRows) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "input \"" + inference.inputs().get(0).name() + "\": " + inference.mostRows()
                            + " rows are more than the " + maxRows + " a request may have");
        }
        return runner.run(inference, request.timeout(), exchange)
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
