package dev.augur.client;

import dev.augur.bus.Addresses;
import dev.augur.time.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Follows the prediction log of one writer: each record is handed over once, in order, when the one before is done
 * with. A node that does not answer is asked again until it does. Its handler is called on one event loop; the methods
 * may be called on any thread.
 */
public final class Subscription {
    private static final int BAD_REQUEST = 400;
    private static final String WAIT = "10s";
    private static final DeliveryOptions DELIVERY = new DeliveryOptions().setSendTimeout(20_000);
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final Vertx vertx;
    private final Context context;
    private final Function<JsonObject, Future<?>> handler;
    private final Promise<Void> ended = Promise.promise(); // by who closes it, or by a failure
    private volatile LogPosition position;
    private String place = "";
    private int tries;

    private Subscription(Vertx vertx, LogPosition from, Function<JsonObject, Future<?>> handler) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.position = from;
        this.handler = handler;
    }

    static Subscription begin(Vertx vertx, LogPosition from, Function<JsonObject, Future<?>> handler) {
        var subscription = new Subscription(vertx, from, handler);
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
    }

    /** Succeeds when it was closed, fails when the handler did or the position is none. */
    public Future<Void> ended() {
        return ended.future();
    }

    private void next() {
        if (ended.future().isComplete()) {
            return;
        }
        var asked =
                new JsonObject().put("seq", position.seq()).put("place", place).put("wait", WAIT);
        if (!position.writer().isEmpty()) {
            asked.put("writer", position.writer());
        }
        vertx.eventBus()
                .<JsonObject>request(Addresses.PREDICTIONS_AFTER, asked, DELIVERY)
                .onSuccess(reply -> handOver(reply.body()))
                .onFailure(this::again);
    }

    private void handOver(JsonObject piece) {
        tries = 0;
        if (position.writer().isEmpty()) {
            position = new LogPosition(piece.getString("writer"), position.seq());
        }
        eachOf(piece.getJsonArray("records"), 0)
                .onSuccess(all -> {
                    place = piece.getString("place", place);
                    context.runOnContext(done -> next());
                })
                .onFailure(ended::tryFail);
    }

    private Future<Void> eachOf(JsonArray records, int index) {
        if (index == records.size() || ended.future().isComplete()) {
            return Future.succeededFuture();
        }
        JsonObject record = records.getJsonObject(index);
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

    private void again(Throwable failure) {
        var told = BusCarrier.told(Addresses.PREDICTIONS_AFTER, failure, CallOptions.DEFAULT);
        if (told.status() == BAD_REQUEST) {
            ended.tryFail(told);
            return;
        }
        tries++;
        vertx.setTimer(PAUSES.anyAfter(tries, ThreadLocalRandom.current()).toMillis() + 1, pause -> next());
    }
}
