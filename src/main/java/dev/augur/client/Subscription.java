package dev.augur.client;

import dev.augur.time.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Follows the prediction log of one writer: each record is handed over once, in order, when the one before is done
 * with. What a node refuses for now, and one that does not answer, is asked again until it answers, with growing
 * pauses. Its handler is called on one event loop; the methods may be called on any thread.
 */
public final class Subscription {
    private static final int NOT_FOUND = 404;
    private static final int BAD_ANSWER = 502;
    private static final int SERVER_FAULTS = 500;
    /** Between these and the faults of the server are refusals, and answers that are none: asking again is useless. */
    private static final int ANSWERED = 300;
    /** Those that may end: a slow body, a request too early, too many of them, a caller that left. */
    private static final Set<Integer> PASSING = Set.of(408, 425, AugurException.OVERLOADED, AugurException.CANCELLED);

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** An answer without news has waited on the server; after one that has not, there is a pause. */
    private static final Duration LEAST_WAIT = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Context context;
    private final Pages pages;
    private final Function<JsonObject, Future<?>> handler;
    private final Promise<Void> ended = Promise.promise(); // by who closes it, or by a failure
    private volatile LogPosition position;
    private String place = "";
    private int tries;
    private boolean found;
    private Promise<Void> left = Promise.promise(); // one for each question: a future keeps who listens to it

    /** Where the pieces come from. */
    @FunctionalInterface
    interface Pages {
        /**
         * The next piece. Fails with {@link AugurException}, whatever happens.
         *
         * @param left completes when nobody waits for the answer any more
         */
        Future<JsonObject> after(LogPosition position, String place, Future<?> left);
    }

    private Subscription(Vertx vertx, Pages pages, LogPosition from, Function<JsonObject, Future<?>> handler) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.pages = pages;
        this.position = from;
        this.handler = handler;
    }

    static Subscription begin(Vertx vertx, Pages pages, LogPosition from, Function<JsonObject, Future<?>> handler) {
        var subscription = new Subscription(vertx, pages, from, handler);
        subscription.context.runOnContext(begun -> subscription.next());
        return subscription;
    }

    /** Behind the last record that was dealt with: whoever keeps it goes on from there another time. */
    public LogPosition position() {
        return position;
    }

    /** Ends; a record that its handler has already goes to its end. */
    public void close() {
        ended.tryComplete();
        context.runOnContext(now -> left.tryComplete());
    }

    /**
     * Succeeds when it was closed. Fails as the handler did, or with an {@link AugurException} where asking again does
     * not help: a position that is none, a key that may not, a writer that no node knows.
     */
    public Future<Void> ended() {
        return ended.future();
    }

    private void next() {
        if (ended.future().isComplete()) {
            return;
        }
        long asked = System.nanoTime();
        left = Promise.promise();
        pages.after(position, place, left.future())
                .onSuccess(piece -> context.runOnContext(now -> handOver(piece, asked)))
                .onFailure(failure -> context.runOnContext(now -> again((AugurException) failure)));
    }

    private void handOver(JsonObject piece, long asked) {
        if (!fits(piece)) {
            again(new AugurException(
                    BAD_ANSWER, "the answer is none of the prediction log of \"" + position.writer() + "\""));
            return;
        }
        tries = 0;
        found = true;
        if (position.writer().isEmpty()) {
            position = new LogPosition(piece.getString("writer"), position.seq());
        }
        long before = position.seq();
        eachOf(piece.getJsonArray("records"), 0)
                .onSuccess(all -> {
                    place = piece.getString("place", place);
                    var waited = Duration.ofNanos(System.nanoTime() - asked);
                    nextAfter(position.seq() == before ? LEAST_WAIT.minus(waited) : Duration.ZERO);
                })
                .onFailure(ended::tryFail);
    }

    /** Who answers may also be a proxy, or a page that asks for a password. */
    private boolean fits(JsonObject piece) {
        return piece.getValue("writer") instanceof String writer
                && (position.writer().isEmpty() || position.writer().equals(writer))
                && piece.getValue("place", "") instanceof String
                && piece.getValue("records") instanceof JsonArray records
                && records.stream()
                        .allMatch(each -> each instanceof JsonObject record
                                && record.getValue("seq") instanceof Number
                                && writer.equals(record.getValue("writer_id")));
    }

    private void nextAfter(Duration pause) {
        if (pause.toMillis() < 1) {
            context.runOnContext(now -> next());
        } else {
            vertx.setTimer(pause.toMillis(), paused -> next());
        }
    }

    private Future<Void> eachOf(JsonArray records, int index) {
        if (index == records.size() || ended.future().isComplete()) {
            return Future.succeededFuture();
        }
        JsonObject record = records.getJsonObject(index);
        if (record.getLong("seq") <= position.seq()) { // an answer to another question, as a cache may give
            return later(() -> eachOf(records, index + 1));
        }
        return Future.<Void>succeededFuture()
                .compose(now -> handler.apply(record))
                .compose(done -> {
                    position = LogPosition.of(record);
                    return later(() -> eachOf(records, index + 1));
                });
    }

    /** In a turn of its own: a long piece would be as deep a stack. */
    private Future<Void> later(Supplier<Future<Void>> step) {
        Promise<Void> done = Promise.promise(); // runOnContext gives no future
        context.runOnContext(turn -> step.get().onComplete(done));
        return done.future();
    }

    private void again(AugurException failure) {
        int status = failure.status();
        boolean passing = status < ANSWERED
                || status >= SERVER_FAULTS
                || PASSING.contains(status)
                || (status == NOT_FOUND && found); // it was there, and may come back
        if (!passing) {
            ended.tryFail(failure);
            return;
        }
        tries++;
        var pause = PAUSES.anyAfter(tries, ThreadLocalRandom.current());
        var told = failure.retryAfter().orElse(Duration.ZERO);
        var least = told.compareTo(LONGEST_PAUSE) < 0 ? told : LONGEST_PAUSE;
        nextAfter(pause.compareTo(least) < 0 ? least.plus(pause) : pause.plusMillis(1));
    }
}
