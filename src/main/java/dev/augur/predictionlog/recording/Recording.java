package dev.augur.predictionlog.recording;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.error.Shown;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.PredictionRecord;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How predictions are recorded, whatever they came by. A record is begun with its request, ended when the request is
 * over, and handed to the log then, or before the answer leaves. Thread-safe.
 *
 * @param node this node's name
 * @param deliveries say when the answer of the model of a name may leave
 * @param maxTensorBytes of one tensor, to be kept whole in the record
 * @param patience how long an answer waits for its record at most
 */
public record Recording(
        PredictionLog log, String node, Function<String, Delivery> deliveries, long maxTensorBytes, Duration patience) {
    private static final int ENDPOINT_CHARS = 500;
    private static final int OK = 200; // of a request, or of the list that holds it, whatever becomes of the others

    /** The same, by way of another log. */
    public Recording through(PredictionLog other) {
        return new Recording(other, node, deliveries, maxTensorBytes, patience);
    }

    /** A record of a request that arrives now. */
    public PredictionRecord begin(String endpoint, String model) {
        return new PredictionRecord(Shown.beginning(endpoint, ENDPOINT_CHARS), node, model);
    }

    /**
     * One prediction on its way to its client.
     *
     * @param outcome of the request; may come after its client has left
     * @param gone succeeds with the status of the answer when that has been sent, fails when the client left before
     * @param left how long the answer may still wait, once there is an outcome
     */
    public record Prediction<T>(
            PredictionRecord record, Future<T> outcome, Future<Integer> gone, Supplier<Duration> left) {}

    /**
     * The outcome when it may be answered: at once, or when its record is acknowledged; it fails with {@code NOT_READY}
     * where that does not come in time. Each prediction is recorded once, whatever becomes of it, but where the log is
     * off. Nobody waits for the record of one that failed.
     */
    @CanIgnoreReturnValue
    public <T> Future<T> recorded(Delivery delivery, Prediction<T> prediction) {
        return switch (delivery) {
            case OFF -> prediction.outcome();
            case AFTER_ANSWER -> {
                whenOver(prediction.record(), prediction.outcome(), prediction.gone());
                yield prediction.outcome();
            }
            case BEFORE_ANSWER ->
                prediction
                        .outcome()
                        .onFailure(failure -> whenOver(prediction.record(), prediction.outcome(), prediction.gone()))
                        .compose(result -> log.store(
                                        Future.succeededFuture(
                                                prediction.record().answered(OK, /* at= */ null)),
                                        prediction.left().get())
                                .map(stored -> result));
        };
    }

    /**
     * Hands over the record once the request is over; the log waits for it when it drains.
     *
     * @param outcome as in {@link Prediction}
     * @param gone as in {@link Prediction}
     */
    public void whenOver(PredictionRecord record, Future<?> outcome, Future<Integer> gone) {
        Promise<PredictionRecord> over = Promise.promise();
        log.append(over.future());
        gone.onComplete(ended -> {
            var respondedAt = Instant.now();
            outcome.onComplete(result -> over.complete(end(record.failed(result.cause()), ended, respondedAt)));
        });
    }

    /**
     * The record of a request that is over.
     *
     * @param gone as in {@link Prediction}
     * @param at when that was
     */
    @CanIgnoreReturnValue
    static PredictionRecord end(PredictionRecord record, AsyncResult<Integer> gone, Instant at) {
        return gone.succeeded() ? record.answered(gone.result(), at) : record.left();
    }
}
