package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.reading.Sequel;
import dev.augur.request.HttpStatus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code augur.predictions.after}: what a writer has stored behind a line, read from its ledger; where there is nothing
 * new the answer waits for it. A subscriber asks for one piece after another, so one that is slow or gone costs at most
 * one question. Confined to one event loop.
 */
public final class LogConsumerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LogConsumerVerticle.class);
    /** All of them may have to be read for at once, and the readers' queue takes about as many. */
    private static final int MAX_QUESTIONS = 100;

    private static final long SWEEP_MILLIS = 250;
    private static final long GRACE_MILLIS = 5_000;
    private static final int OK = 200;

    private final PredictionLogVerticle log;
    private final Meters meters;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
    private final List<Question> waiting = new ArrayList<>();
    private int questions;
    private long stored; // how often something was stored
    private boolean stopping;

    /** That of a log which is deployed. */
    public LogConsumerVerticle(PredictionLogVerticle log, Meters meters) {
        this.log = log;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        meters.expectOnBus(Addresses.PREDICTIONS_AFTER, HttpStatus.all());
        log.onStored(() -> context.runOnContext(now -> wake()));
        vertx.setPeriodic(SWEEP_MILLIS, tick -> sweep());
        consume(Addresses.PREDICTIONS_AFTER);
        return log.reader().writers().compose(writers -> {
            writers.forEach(writer -> consume(Addresses.predictionsAfter(writer)));
            return Future.join(
                    consumers.stream().map(MessageConsumer::completion).toList());
        });
    }

    /** Answers those who wait, with nothing. */
    @Override
    public Future<?> stop() {
        stopping = true;
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> again(List.copyOf(waiting)));
    }

    private void consume(String address) {
        consumers.add(vertx.eventBus().consumer(address, this::receive));
    }

    /** Somebody's, until it is answered. */
    private record Question(Message<Object> message, SequelRequest asked, long since, long until) {
        boolean isLate() {
            return System.nanoTime() - until >= 0;
        }
    }

    private void receive(Message<Object> message) {
        long now = System.nanoTime();
        questions++;
        Future.<Void>succeededFuture()
                .compose(begun -> {
                    if (questions > MAX_QUESTIONS) {
                        throw new ServingException(
                                ErrorCode.OVERLOADED,
                                MAX_QUESTIONS + " subscribers of the prediction log wait already");
                    }
                    var asked = SequelRequest.of(
                            MessageBody.of(message), String.valueOf(log.folder().getFileName()));
                    long until = now + asked.patience().toNanos();
                    return serve(new Question(message, asked, now, until));
                })
                .onFailure(failure -> fail(message, now, failure));
    }

    private Future<Void> serve(Question question) {
        long before = stored;
        var asked = question.asked();
        return log.reader().after(asked.from(), asked.limit(), Sequel::json).compose(found -> {
            if (found.isEmpty()) {
                return forward(question);
            }
            var json = found.get();
            if (!json.getJsonArray("records").isEmpty() || question.isLate() || stopping) {
                answer(question, json);
            } else if (stored != before) {
                return serve(question);
            } else {
                waiting.add(question);
            }
            return Future.succeededFuture();
        });
    }

    /** Another node may have that writer's folder. */
    private Future<Void> forward(Question question) {
        String writer = question.asked().from().writer();
        String address = Addresses.predictionsAfter(writer);
        if (question.message().address().equals(address)) {
            return Future.failedFuture(unknown(writer));
        }
        var options =
                new DeliveryOptions().setSendTimeout(question.asked().patience().toMillis() + GRACE_MILLIS);
        return vertx.eventBus()
                .<JsonObject>request(address, MessageBody.of(question.message()), options)
                .<Void>map(reply -> {
                    answer(question, reply.body());
                    return null;
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS
                                ? unknown(writer)
                                : failure));
    }

    private static ServingException unknown(String writer) {
        return new ServingException(
                ErrorCode.NOT_FOUND, "no node that runs has the folder of \"" + writer + "\" in its prediction log");
    }

    private void wake() {
        stored++;
        var unused = again(List.copyOf(waiting));
    }

    /** Those whose time is over, and those of writers that are other processes. */
    private void sweep() {
        String own = String.valueOf(log.folder().getFileName());
        var unused = again(waiting.stream()
                .filter(each -> each.isLate() || !each.asked().from().writer().equals(own))
                .toList());
    }

    private Future<?> again(List<Question> some) {
        waiting.removeAll(some);
        return Future.join(some.stream()
                .map(each -> serve(each).onFailure(failure -> fail(each.message(), each.since(), failure)))
                .toList());
    }

    private void answer(Question question, JsonObject json) {
        question.message().reply(json);
        end(question.since(), OK);
    }

    private void fail(Message<Object> message, long since, Throwable failure) {
        if (failure instanceof ReplyException reply) { // of the node that was asked in turn
            int status = reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                    ? reply.failureCode()
                    : HttpStatus.of(ErrorCode.NOT_READY);
            message.fail(status, reply.getMessage());
            end(since, status);
            return;
        }
        var told = failure instanceof ServingException serving ? serving : HttpStatus.hidden();
        if (!(failure instanceof ServingException)) {
            LOG.error("{} failed", message.address(), failure);
        }
        int status = HttpStatus.of(told.code());
        message.fail(status, told.getMessage());
        end(since, status);
    }

    private void end(long since, int status) {
        questions--;
        meters.busRequest(Addresses.PREDICTIONS_AFTER, status, System.nanoTime() - since);
    }
}
