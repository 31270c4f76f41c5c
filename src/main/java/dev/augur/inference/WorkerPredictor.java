package dev.augur.inference;

import dev.augur.model.InputCheck;
import dev.augur.model.Model;
import dev.augur.model.ModelRegistry;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.util.List;

/** Checks a request on the caller's event loop and runs the model on a worker. Thread-safe. */
final class WorkerPredictor implements Predictor {
    private final ModelRegistry models;
    private final WorkerPool workers;

    WorkerPredictor(ModelRegistry models, WorkerPool workers) {
        this.models = models;
        this.workers = workers;
    }

    @Override
    public Future<InferenceResponse> predict(InferenceRequest request, Future<?> exchange) {
        Model model;
        List<Tensor> inputs;
        List<String> outputs;
        try {
            model = models.require(request.model(), request.version());
            inputs = InputCheck.inputs(model.metadata(), request.inputs());
            outputs = InputCheck.outputs(model.metadata(), request.outputs());
        } catch (RuntimeException refusal) {
            return Future.failedFuture(refusal);
        }
        return workers.run(exchange, () -> model.predict(inputs, outputs))
                .map(tensors -> new InferenceResponse(
                        request.id(), request.model(), model.metadata().version(), tensors));
    }
}
