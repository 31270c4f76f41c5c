package dev.augur.predictionlog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of the prediction log: hands the records to the logging verticle over the event bus, in groups and in the order they
 * were offered, and tries a group again, with the same record ids, until it is acknowledged. Thread-safe; groups are sent on an event loop of
 * the log's own, so that tries go on while the verticles that offered the records stop.
 */
public final class BusPredictionLog implements PredictionLog, OutcomeLog {
    private static final Logger LOG = LoggerFactory.getLogger(BusPredictionLog.class);
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(50);
    private static final int MAX_GROUP = 1_000;
    private static final int BUSY_GROUP = 4;
    private static final long GATHERING_MICROS = 250;
    private static final long DRAIN_POLL_MILLIS = 10;

    private final Vertx vertx;
    private final Context context;
    private final Executor later; // Vert.x has no timer finer than a millisecond
    private final PredictionLogConfig config;
    private final Redaction redaction;
    private final DeliveryOptions delivery;
    private final ConcurrentLinkedQueue<Pending> waiting = new ConcurrentLinkedQueue<>(); // never more than are pending
    private final AtomicBoolean awake = new AtomicBoolean(); // a group is under way, or about to be
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();

    /**
     * The sender of one node. Its event loop is the caller's, if the caller has one.
     *
     * @param localWriter whether this node has a logging verticle of its own: then no record leaves the node
     */
    public BusPredictionLog(Vertx vertx, PredictionLogConfig config, boolean localWriter) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.later = CompletableFuture.delayedExecutor(
                GATHERING_MICROS, TimeUnit.MICROSECONDS, next -> context.runOnContext(v -> next.run()));
        this.config = config;
        this.redaction = new Redaction(config.records().redact());
        this.delivery = new DeliveryOptions()
                .setSendTimeout(config.ackTimeout().toMillis())
                .setLocalOnly(localWriter);
        RecordGroup.register(vertx);
    }

    @Override
    @CanIgnoreReturnValue
    public Future<Void> append(Future<PredictionRecord> record, Duration writeDelay) {
        return offer(record, writeDelay);
    }

    @Override
    public Future<Void> append(OutcomeRecord record) {
        return offer(Future.succeededFuture(record), Duration.ZERO);
    }

    private Future<Void> offer(Future<? extends LogRecord> record, Duration writeDelay) {
        if (offered.incrementAndGet() - stored.get() - dropped.get() > config.maxPending()) {
            return Future.failedFuture(dropForLackOfRoom());
        }
        Promise<Void> acknowledged = Promise.promise();
        record.onComplete(made -> hand(made, writeDelay, acknowledged));
        return onContextOfCaller(acknowledged.future());
    }

    /** What follows, time-outs included, belongs to the caller's context; a turn for each, since a thousand are acknowledged at once. */
    private Future<Void> onContextOfCaller(Future<Void> acknowledged) {
        var caller = vertx.getOrCreateContext();
        Promise<Void> told = Promise.promise();
        acknowledged.onComplete(result -> caller.runOnContext(turn -> acknowledged.onComplete(told)));
        return Future.fromCompletionStage(told.future().toCompletionStage(), caller);
    }

    /** Records offered since the start. Always {@code stored + dropped + pending}. */
    public long offered() {
        return offered.get();
    }

    /** Records acknowledged by the ledger. */
    public long stored() {
        return stored.get();
    }

    /** Records given up. */
    public long dropped() {
        return dropped.get();
    }

    /** Tries that were not the first. */
    public long retried() {
        return retried.get();
    }

    /** Records neither acknowledged nor given up. */
    public long pending() {
        return offered.get() - stored.get() - dropped.get();
    }

    /** Done when no record is pending. Fails when the time is up, and says how many records are lost if the process ends now. */
    public Future<Void> drain(Duration limit) {
        Promise<Void> drained = Promise.promise();
        long end = System.nanoTime() + limit.toNanos();
        context.runOnContext(v -> pollUntilDrained(end, drained));
        return drained.future();
    }

    private void pollUntilDrained(long end, Promise<Void> drained) {
        if (pending() == 0) {
            drained.complete();
        } else if (System.nanoTime() - end > 0) {
            drained.fail(new TimeoutException(pending() + " prediction records were not acknowledged in time"));
        } else {
            vertx.setTimer(DRAIN_POLL_MILLIS, later -> pollUntilDrained(end, drained));
        }
    }

    private void hand(AsyncResult<? extends LogRecord> made, Duration writeDelay, Promise<Void> acknowledged) {
        if (made.failed()) {
            dropped.incrementAndGet();
            LOG.error("prediction log: a record was not made", made.cause());
            acknowledged.fail(made.cause());
            return;
        }
        var pending = new Pending(redacted(made.result()), acknowledged);
        if (writeDelay.isZero()) {
            enqueue(pending);
        } else {
            context.runOnContext(v -> vertx.setTimer(writeDelay.toMillis(), later -> enqueue(pending)));
        }
    }

    private LogRecord redacted(LogRecord record) {
        return record instanceof PredictionRecord prediction ? redaction.apply(prediction) : record;
    }

    private void enqueue(Pending pending) {
        waiting.add(pending);
        if (awake.compareAndSet(false, true)) {
            context.runOnContext(v -> sendNext());
        }
    }

    /** Whatever came while a group was under way is the next one. */
    private void sendNext() {
        var group = nextGroup();
        if (!group.isEmpty()) {
            attempt(group, FIRST_RETRY_DELAY);
            return;
        }
        awake.set(false);
        if (!waiting.isEmpty() && awake.compareAndSet(false, true)) { // it came just before
            sendNext();
        }
    }

    private List<Pending> nextGroup() {
        var group = new ArrayList<Pending>();
        for (var next = waiting.poll(); next != null; next = group.size() < MAX_GROUP ? waiting.poll() : null) {
            group.add(next);
        }
        return group;
    }

    /** Callbacks, not a chain of futures: the number of tries has no bound, and a chain would keep each of them. */
    private void attempt(List<Pending> group, Duration retryDelay) {
        var records = new RecordGroup(group.stream().map(Pending::record).toList());
        vertx.eventBus()
                .<JsonObject>request(Addresses.PREDICTION_LOG, records, delivery)
                .onSuccess(reply -> {
                    gather(group.size());
                    acknowledge(group, reply.body());
                })
                .onFailure(failure -> {
                    LOG.debug("prediction log: {} records not acknowledged: {}", group.size(), failure.getMessage());
                    retried.addAndGet(group.size());
                    vertx.setTimer(retryDelay.toMillis(), later -> attempt(group, next(retryDelay)));
                });
    }

    /** Sends the next group; where records come fast, a little later and so larger, since a group costs as much as dozens of records. */
    private void gather(int lastGroup) {
        if (lastGroup < BUSY_GROUP) {
            sendNext();
        } else {
            later.execute(this::sendNext);
        }
    }

    /**
     * Tells those who wait.
     *
     * @param unwritable why, by the id of the record; nothing if all are stored
     */
    private void acknowledge(List<Pending> group, @Nullable JsonObject unwritable) {
        for (Pending pending : group) {
            String id = pending.record().recordId();
            String fault = unwritable == null ? null : unwritable.getString(id);
            if (fault == null) {
                stored.incrementAndGet();
                pending.acknowledged().complete();
            } else {
                dropped.incrementAndGet();
                LOG.error("prediction log: record {} is lost: {}", id, fault);
                pending.acknowledged().fail(new ServingException(ErrorCode.INTERNAL, fault));
            }
        }
    }

    private Duration next(Duration delay) {
        var doubled = delay.multipliedBy(2);
        return doubled.compareTo(config.maxRetryDelay()) < 0 ? doubled : config.maxRetryDelay();
    }

    private ServingException dropForLackOfRoom() {
        long count = dropped.incrementAndGet();
        if (Long.bitCount(count) == 1) { // 1, 2, 4, 8, …: a full buffer must not fill the log as well
            LOG.error("prediction log: {} records pending, {} dropped so far", config.maxPending(), count);
        }
        return new ServingException(ErrorCode.OVERLOADED, "too many prediction records pending");
    }

    private record Pending(LogRecord record, Promise<Void> acknowledged) {}
}
