package dev.augur.logview;

import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.HttpStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * What a writer has stored behind a line, asked of the node that has its folder: {@code augur.predictions.after}. Fails
 * with {@code NOT_FOUND} for a writer that nobody has heard of, with {@code NOT_READY} while its node is away.
 * Thread-safe; futures complete on their caller's context.
 */
public final class Sequels {
    /** A question that waits is asked anew so often: nobody there sees its client leave. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int LONGEST_EMPTY = 512;
    private static final List<ErrorCode> REFUSALS =
            List.of(ErrorCode.OVERLOADED, ErrorCode.INVALID_ARGUMENT, ErrorCode.NOT_FOUND);

    private final LogSources sources;

    /** Those of these sources. */
    public Sequels(LogSources sources) {
        this.sources = sources;
    }

    /**
     * The writer that is meant where none is named: this node's own, on a node without a log that of another.
     *
     * @throws ServingException {@code NOT_READY} where no node that has one is known
     */
    public String ownWriter() {
        return sources.local()
                .map(LocalLog::writer)
                .or(() -> sources.nodes().lively().stream().sorted().findFirst())
                .orElseThrow(
                        () -> new ServingException(ErrorCode.NOT_READY, "no node that is known here has the role log"));
    }

    /**
     * The JSON of the answer.
     *
     * @param gone completes when nobody waits for it any more
     */
    public Future<Buffer> after(SequelRequest asked, Future<?> gone) {
        return after(asked, System.nanoTime() + asked.patience().toNanos(), gone);
    }

    private Future<Buffer> after(SequelRequest asked, long until, Future<?> gone) {
        return ask(asked.within(TURN)).compose(piece -> {
            var left = Duration.ofNanos(until - System.nanoTime());
            if (gone.isComplete() || left.toMillis() < 1 || !isEmpty(piece)) {
                return Future.succeededFuture(piece);
            }
            return after(new SequelRequest(asked.from(), asked.limit(), left), until, gone)
                    .recover(failure -> isFull(failure) ? Future.succeededFuture(piece) : Future.failedFuture(failure));
        });
    }

    /** Who had a place before waits no longer, as if his time had passed. */
    private static boolean isFull(Throwable failure) {
        return failure instanceof ServingException serving && serving.code() == ErrorCode.OVERLOADED;
    }

    private static boolean isEmpty(Buffer piece) {
        return piece.length() < LONGEST_EMPTY
                && new JsonObject(piece).getJsonArray("records").isEmpty();
    }

    /** First of those that have the folder; a folder may also have come after its node has told which it has. */
    private Future<Buffer> ask(SequelRequest asked) {
        String writer = asked.from().writer();
        return ask(Addresses.predictionsAfter(writer), asked)
                .recover(failure ->
                        isNobody(failure) ? ask(Addresses.PREDICTIONS_AFTER, asked) : Future.failedFuture(failure))
                .recover(failure -> Future.failedFuture(told(writer, failure)));
    }

    private Future<Buffer> ask(String address, SequelRequest asked) {
        var options = new DeliveryOptions()
                .setSendTimeout(asked.patience().plus(GRACE).toMillis());
        return sources.vertx()
                .eventBus()
                .<Buffer>request(address, asked.json().toBuffer(), options)
                .map(reply -> reply.body());
    }

    private static boolean isNobody(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private Throwable told(String writer, Throwable failure) {
        if (!(failure instanceof ReplyException reply)) {
            return failure;
        }
        var code = REFUSALS.stream()
                .filter(each -> reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                        && HttpStatus.of(each) == reply.failureCode())
                .findFirst()
                .orElse(ErrorCode.NOT_READY);
        boolean away = sources.nodes().writers().containsKey(writer);
        if (code == ErrorCode.NOT_FOUND && away) {
            code = ErrorCode.NOT_READY;
        }
        String text = isNobody(failure) ? "no node that runs has the prediction log" : reply.getMessage();
        return new ServingException(code, String.valueOf(text));
    }
}
