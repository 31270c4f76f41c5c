package dev.augur.inference;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.model.InputCheck;
import dev.augur.tensor.Tensor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

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
            for (var now = runner; refusedByRetired(result); runner = now) {
                now = models.require(request.model(), request.version());
                if (now == runner) {
                    break; // the node stops
                }
                result = run(now, request, exchange);
            }
            var version = runner.metadata().version();
            return result.map(tensors -> new InferenceResponse(request.id(), request.model(), version, tensors));
        } catch (ServingException refusal) {
            return Future.failedFuture(refusal);
        }
    }

    private Future<List<Tensor>> run(ModelRunner runner, InferenceRequest request, Future<?> exchange) {
        var metadata = runner.metadata();
        var inference = new Inference(
                InputCheck.inputs(metadata, request.inputs()),
                InputCheck.outputs(metadata, request.outputs()),
                request.priority(),
                vertx.getOrCreateContext());
        int maxRows = runner.config().admission().maxRows();
        if (runner.batched() && inference.rows() > maxRows) {
            throw new ServingException(
                    ErrorCode.INVALID_ARGUMENT,
                    "input \"" + inference.inputs().get(0).name() + "\": " + inference.rows()
                            + " rows are more than the " + maxRows + " a request may have");
        }
        return runner.run(inference, request.timeout(), exchange);
    }

    private static boolean refusedByRetired(Future<?> result) {
        return result.cause() instanceof ServingException refusal && refusal.code() == ErrorCode.NOT_READY;
    }
}
