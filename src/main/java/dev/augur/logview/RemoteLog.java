package dev.augur.logview;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.reading.PagePart;
import dev.augur.predictionlog.reading.PagePlace;
import dev.augur.predictionlog.reading.PageQuestion;
import dev.augur.request.HttpStatus;
import dev.augur.worker.JsonWork;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The log of another node. Nobody there sees a client leave: what it asked is read all the same, within
 * {@code prediction-log.query-scan}. Thread-safe.
 *
 * @param work reads large answers
 */
record RemoteLog(LogSources sources, JsonWork work, String node, String writer) implements LogNode {
    static final String PAGE = "page";
    static final String PASSED = "passed";
    static final String FIND = "find";
    static final String VERIFY = "verify";
    static final String TELL = "tell";
    static final String VERIFIED = "verified";

    /** What a node refuses for good or for now, whichever node is asked. */
    private static final List<ErrorCode> REFUSALS =
            List.of(ErrorCode.OVERLOADED, ErrorCode.INVALID_ARGUMENT, ErrorCode.NOT_FOUND);

    @Override
    public Future<PagePart> page(Future<?> gone, PageQuestion question) {
        return ask(gone, new JsonObject().put(PAGE, LogJson.of(question)), LogJson::part);
    }

    @Override
    public Future<Set<String>> passed(Future<?> gone, PagePlace from, Set<String> ids) {
        return ask(gone, new JsonObject().put(PASSED, LogJson.of(from, ids)), pieces -> LogJson.ids(pieces.head()));
    }

    @Override
    public Future<Search> find(Future<?> gone, String recordId) {
        return ask(gone, new JsonObject().put(FIND, recordId), pieces -> LogJson.search(node, pieces));
    }

    @Override
    public Future<Optional<Boolean>> verified(Future<?> gone, String recordId) {
        return ask(
                gone,
                new JsonObject().put(VERIFY, recordId),
                pieces -> Optional.ofNullable(pieces.head().getBoolean(VERIFIED)));
    }

    @Override
    public Future<Void> tell(OutcomeRecord outcome) {
        Future<?> waiting = Promise.promise().future(); // it is stored even if nobody waits
        return ask(waiting, new JsonObject().put(TELL, LogJson.of(outcome)), Pieces::head)
                .mapEmpty();
    }

    private <T> Future<T> ask(Future<?> gone, JsonObject question, Function<Pieces, T> read) {
        var options = new DeliveryOptions().setSendTimeout(sources.patience().toMillis());
        return sources.vertx()
                .eventBus()
                .<Buffer>request(Addresses.predictionLogQuestions(node), question, options)
                .recover(failure -> Future.failedFuture(told(failure)))
                .compose(reply -> work.run(reply.body().length(), gone, () -> read(reply.body(), read)));
    }

    private static <T> T read(Buffer answer, Function<Pieces, T> read) throws AwayException {
        try {
            return read.apply(Pieces.of(answer));
        } catch (RuntimeException e) {
            throw new AwayException("its answer cannot be read; is it of another version? " + e);
        }
    }

    private Throwable told(Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return new AwayException(failure.toString());
        }
        return switch (reply.failureType()) {
            case NO_HANDLERS -> new AwayException("it does not take questions");
            case TIMEOUT ->
                new AwayException(
                        "it did not answer within " + sources.patience().toMillis() + " ms");
            default ->
                REFUSALS.stream()
                        .filter(code -> HttpStatus.of(code) == reply.failureCode())
                        .findFirst()
                        .<Throwable>map(code -> new ServingException(code, node + ": " + reply.getMessage()))
                        .orElseGet(() -> new AwayException(String.valueOf(reply.getMessage())));
        };
    }
}
