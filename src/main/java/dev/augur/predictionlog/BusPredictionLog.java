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
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of the prediction log: hands each record to the logging verticle over the event bus and tries again, with the
 * same record id, until it is acknowledged. Thread-safe; records are sent on an event loop of the log's own, so that tries go on while
 * the verticles that offered them stop.
 */
public final class BusPredictionLog implements PredictionLog, OutcomeLog {
    private static final Logger LOG = LoggerFactory.getLogger(BusPredictionLog.class);
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(50);
    private static final long DRAIN_POLL_MILLIS = 10;

    private final Vertx vertx;
    private final Context context;
    private final PredictionLogConfig config;
    private final Redaction redaction;
    private final DeliveryOptions delivery;
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
        this.config = config;
        this.redaction = new Redaction(config.records().redact());
        this.delivery = new DeliveryOptions()
                .setSendTimeout(config.ackTimeout().toMillis())
                .setLocalOnly(localWriter);
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
        record.onComplete(offer -> context.runOnContext(v -> send(offer, writeDelay, acknowledged)));
        return acknowledged.future();
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

    private void send(AsyncResult<? extends LogRecord> offer, Duration writeDelay, Promise<Void> acknowledged) {
        if (offer.failed()) {
            dropped.incrementAndGet();
            LOG.error("prediction log: a record was not made", offer.cause());
            acknowledged.fail(offer.cause());
        } else if (writeDelay.isZero()) {
            attempt(redacted(offer.result()), FIRST_RETRY_DELAY, acknowledged);
        } else {
            var record = redacted(offer.result());
            vertx.setTimer(writeDelay.toMillis(), later -> attempt(record, FIRST_RETRY_DELAY, acknowledged));
        }
    }

    private LogRecord redacted(LogRecord record) {
        return record instanceof PredictionRecord prediction ? redaction.apply(prediction) : record;
    }

    /** A promise, not a chain of futures: the number of tries has no bound, and a chain would keep each of them. */
    private void attempt(LogRecord record, Duration retryDelay, Promise<Void> acknowledged) {
        vertx.eventBus()
                .request(Addresses.PREDICTION_LOG, record, delivery)
                .onSuccess(ack -> {
                    stored.incrementAndGet();
                    acknowledged.complete();
                })
                .onFailure(failure -> {
                    if (refusedForGood(failure)) {
                        dropped.incrementAndGet();
                        LOG.error("prediction log: record {} is lost: {}", record.recordId(), failure.getMessage());
                        acknowledged.fail(failure);
                        return;
                    }
                    LOG.debug(
                            "prediction log: record {} not acknowledged: {}", record.recordId(), failure.getMessage());
                    retried.incrementAndGet();
                    vertx.setTimer(retryDelay.toMillis(), later -> attempt(record, next(retryDelay), acknowledged));
                });
    }

    /** Whether no further try can succeed: the writer says that the record itself is wrong. */
    private static boolean refusedForGood(Throwable failure) {
        return failure instanceof ReplyException reply
                && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE
                && reply.failureCode() == ErrorCode.INVALID_ARGUMENT.number();
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
}
