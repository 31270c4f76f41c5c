package dev.augur.demo;

import dev.augur.http.IncomingRequest;
import dev.augur.http.Route;
import dev.augur.request.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A route that one of the tutorial's methods answers. Thread-safe.
 *
 * @param recordedAs the model of the records of those requests that do not reach the method; of the others, it makes
 *     the record itself
 */
record PredictRoute(String path, Optional<String> recordedAs, Predicting predicting)
        implements Route<PredictRequest, PredictAnswer> {
    /** One of the tutorial's four methods. */
    @FunctionalInterface
    interface Predicting {
        Future<PredictAnswer> predict(PredictRequest request, Future<Integer> answeredOrLeft);
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.POST;
    }

    @Override
    public JsonObject operation() {
        return TutorialOperations.predict(path);
    }

    @Override
    public PredictRequest decode(IncomingRequest request) {
        return PredictRequestReader.read(request.body());
    }

    @Override
    public Future<PredictAnswer> answer(PredictRequest request, Caller caller) {
        caller.leaveRecord();
        return predicting.predict(request.from(caller.origin()), caller.gone());
    }

    @Override
    public Buffer encode(PredictAnswer answer) {
        return new JsonObject()
                .put("item_id", answer.itemId())
                .put("metadata", answer.metadata())
                .put("prediction", answer.prediction())
                .toBuffer();
    }
}
