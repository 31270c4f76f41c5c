package dev.augur.demo;

import dev.augur.http.IncomingRequest;
import dev.augur.http.Route;
import dev.augur.request.Caller;
import dev.augur.timeline.Timeline;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A route that one of the tutorial's methods answers. Thread-safe.
 *
 * @param recordedAs the model of the records of those requests that do not reach the method; of the others, it makes
 *     the record itself
 * @param tutorial what answers the request of a timeline
 */
record PredictRoute(
        String path,
        Optional<String> recordedAs,
        Function<@Nullable Timeline, Tutorial> tutorial,
        Predicting predicting)
        implements Route<PredictRequest, PredictAnswer> {
    /** One of the tutorial's four methods. */
    @FunctionalInterface
    interface Predicting {
        Future<PredictAnswer> predict(Tutorial tutorial, PredictRequest request, Future<Integer> answeredOrLeft);
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
        var timeline = caller.timeline();
        return predicting.predict(tutorial.apply(timeline), request.from(caller.origin(), timeline), caller.gone());
    }

    @Override
    public boolean predicts() {
        return true;
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
