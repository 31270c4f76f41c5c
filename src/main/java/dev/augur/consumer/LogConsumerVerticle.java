package dev.augur.consumer;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.logview.SequelRequest;
import dev.augur.metrics.Meters;
import dev.augur.predictionlog.PredictionLogVerticle;
import dev.augur.predictionlog.reading.Sequel;
import dev.augur.request.HttpStatus;
import dev.augur.time.Watch;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
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
    private static final int MAX_QUESTION_BYTES = 4_096;

    private final PredictionLogVerticle log;
    private final Predicate<String> known;
    private final Meters meters;
    private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
    private final List<Question> waiting = new ArrayList<>();
    private Watch watch;
    private int questions;
    private long stored; // how often something was stored
    private boolean stopping;

    /**
     * That of a log which is deployed.
     *
     * @param known whether another node has told of that writer: then it may come back; called on the event loop
     */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public LogConsumerVerticle(PredictionLogVerticle log, Predicate<String> known, Meters meters) {
        this.log = log;
        this.known = known;
        this.meters = meters;
    }

    @Override
    public Future<?> start() {
        meters.expectOnBus(Addresses.PREDICTIONS_AFTER, HttpStatus.all());
        log.onStored(() -> context.runOnContext(now -> wake()));
        watch = new Watch(context, Duration.ofMillis(SWEEP_MILLIS), () -> !waiting.isEmpty(), this::sweep);
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
                            question(MessageBody.of(message)),
                            String.valueOf(log.folder().getFileName()));
                    long until = now + asked.patience().toNanos();
                    return serve(new Question(message, asked, now, until));
                })
                .onFailure(failure -> fail(message, now, failure));
    }

    /** JSON in one of its forms as an object; what is none stays as it is, and is refused. */
    private static @Nullable Object question(@Nullable Object body) {
        if (body == null || body instanceof JsonObject) {
            return body;
        }
        byte[] text = MessageBody.bytes(body, MAX_QUESTION_BYTES);
        try {
            return Json.decodeValue(Buffer.buffer(text));
        } catch (DecodeException e) {
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    /**
     * What is answered, in the form of the question.
     *
     * @param isEmpty whether there was nothing new
     */
    private record Piece(Object body, boolean isEmpty) {
        static Piece of(MessageBody.Form form, Sequel sequel) {
            return new Piece(
                    form == MessageBody.Form.OBJECT ? sequel.json() : form.of(sequel.text()),
                    sequel.lines().isEmpty());
        }
    }

    private Future<Void> serve(Question question) {
        long before = stored;
        var asked = question.asked();
        var form = MessageBody.Form.of(question.message().body());
        return log.reader()
                .after(asked.from(), asked.limit(), it -> Piece.of(form, it))
                .compose(found -> {
                    if (found.isEmpty()) {
                        return forward(question);
                    }
                    var piece = found.get();
                    if (!piece.isEmpty() || question.isLate() || stopping) {
                        answer(question, piece.body());
                    } else if (stored != before) {
                        return serve(question);
                    } else {
                        waiting.add(question);
                        watch.wake();
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
                .request(address, MessageBody.of(question.message()), options)
                .<Void>map(reply -> {
                    answer(question, reply.body());
                    return null;
                })
                .recover(failure -> Future.failedFuture(
                        failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS
                                ? unknown(writer)
                                : failure));
    }

    private ServingException unknown(String writer) {
        return new ServingException(
                known.test(writer) ? ErrorCode.NOT_READY : ErrorCode.NOT_FOUND,
                "no node that runs has the folder of \"" + writer + "\" in its prediction log");
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

    private void answer(Question question, Object body) {
        question.message().reply(body);
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
