package dev.augur.logview;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.request.HttpStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what other nodes ask the log of this one, so many questions at once at most. Confined to one event loop. */
public final class LogQuestionsVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LogQuestionsVerticle.class);
    private static final int MAX_QUESTIONS = 64;

    private final LocalLog log;
    private int questions;
    private MessageConsumer<JsonObject> consumer;

    /** That of a log which is deployed. */
    @SuppressWarnings("NullAway.Init") // set in start(), which comes before every use
    public LogQuestionsVerticle(LocalLog log) {
        this.log = log;
    }

    @Override
    public Future<?> start() {
        consumer = vertx.eventBus().consumer(Addresses.predictionLogQuestions(log.node()), this::receive);
        return consumer.completion();
    }

    @Override
    public Future<?> stop() {
        return consumer.unregister();
    }

    private void receive(Message<JsonObject> message) {
        questions++;
        Future.<Void>succeededFuture()
                .compose(begun -> {
                    if (questions > MAX_QUESTIONS) {
                        throw new ServingException(
                                ErrorCode.OVERLOADED, MAX_QUESTIONS + " questions of other nodes are read for already");
                    }
                    return answer(message.body());
                })
                .onComplete(done -> questions--)
                .onSuccess(message::reply)
                .onFailure(failure -> fail(message, failure));
    }

    private Future<Buffer> answer(JsonObject asked) {
        var waiting = nobodyLeaves();
        if (asked.containsKey(RemoteLog.PAGE)) {
            var question = LogJson.question(asked.getJsonObject(RemoteLog.PAGE));
            return log.reader().page(waiting, question, page -> LogJson.of(PagePart.of(page))
                    .buffer());
        }
        if (asked.containsKey(RemoteLog.PASSED)) {
            var passed = asked.getJsonObject(RemoteLog.PASSED);
            return log.passed(waiting, LogJson.from(passed), LogJson.ids(passed))
                    .map(ids -> told(LogJson.of(ids)));
        }
        if (asked.containsKey(RemoteLog.FIND)) {
            return log.find(waiting, asked.getString(RemoteLog.FIND))
                    .map(search -> LogJson.of(search).buffer());
        }
        if (asked.containsKey(RemoteLog.VERIFY)) {
            return log.verified(waiting, asked.getString(RemoteLog.VERIFY))
                    .map(verified -> told(new JsonObject().put(RemoteLog.VERIFIED, verified.orElse(null))));
        }
        try {
            return log.tell(LogJson.outcome(asked.getJsonObject(RemoteLog.TELL)))
                    .map(stored -> told(new JsonObject()));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /** Who asked waits as long as he says. One for each question: such a future keeps what hangs on it, pages too. */
    private static Future<?> nobodyLeaves() {
        return Promise.promise().future();
    }

    private static Buffer told(JsonObject head) {
        return new Pieces(head, List.of()).buffer();
    }

    private static void fail(Message<JsonObject> message, Throwable failure) {
        if (!(failure instanceof ServingException)) {
            LOG.error("a question of another node to the prediction log failed", failure);
        }
        var told = failure instanceof ServingException serving ? serving : HttpStatus.hidden();
        message.fail(HttpStatus.of(told.code()), told.getMessage());
    }
}
