package dev.augur.predictionlog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sender's side of the prediction log: hands each record to the logging verticle over the event bus and tries again, with the
 * same record id, until it is acknowledged. Thread-safe; each record is handled on the context that offered it.
 */
public final class BusPredictionLog implements PredictionLog {
    private static final Logger LOG = LoggerFactory.getLogger(BusPredictionLog.class);
    private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(50);
    private static final long DRAIN_POLL_MILLIS = 10;

    private final Vertx vertx;
    private final PredictionLogConfig config;
    private final DeliveryOptions delivery;
    private final Duration writeDelay;
    private final AtomicLong offered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();

    /**
     * The sender of one node.
     *
     * @param localWriter whether this node has a logging verticle of its own: then no record leaves the node
     * @param writeDelay simulated time of the write, spent before the record is handed over; zero for none
     */
    public BusPredictionLog(Vertx vertx, PredictionLogConfig config, boolean localWriter, Duration writeDelay) {
        this.vertx = vertx;
        this.config = config;
        this.writeDelay = writeDelay;
        this.delivery = new DeliveryOptions()
                .setSendTimeout(config.ackTimeout().toMillis())
                .setLocalOnly(localWriter);
    }

    @Override
    @CanIgnoreReturnValue
    public Future<Void> append(Future<PredictionRecord> record) {
        if (offered.incrementAndGet() - stored.get() - dropped.get() > config.maxPending()) {
            long count = dropped.incrementAndGet();
            if (Long.bitCount(count) == 1) { // 1, 2, 4, 8, …: a full buffer must not fill the log as well
                LOG.error("prediction log: {} records pending, {} dropped so far", config.maxPending(), count);
            }
            return Future.failedFuture(
                    new ServingException(ErrorCode.OVERLOADED, "too many prediction records pending"));
        }
        Promise<Void> acknowledged = Promise.promise();
        return record.compose(this::simulateWrite)
                .compose(ready -> {
                    attempt(ready, FIRST_RETRY_DELAY, acknowledged);
                    return acknowledged.future();
                })
                .onSuccess(done -> stored.incrementAndGet())
                .onFailure(this::drop);
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

    /** Done when no record is pending, or when the time is up; what is then still pending is named in the log and lost. */
    public Future<Void> drain(Duration limit) {
        if (pending() == 0) {
            return Future.succeededFuture();
        }
        if (limit.isNegative() || limit.isZero()) {
            LOG.error("prediction log: {} records were not acknowledged in time and are lost", pending());
            return Future.succeededFuture();
        }
        return vertx.timer(DRAIN_POLL_MILLIS).compose(later -> drain(limit.minusMillis(DRAIN_POLL_MILLIS)));
    }

    private Future<PredictionRecord> simulateWrite(PredictionRecord record) {
        return writeDelay.isZero()
                ? Future.succeededFuture(record)
                : vertx.timer(writeDelay.toMillis()).map(elapsed -> record);
    }

    /** A promise, not a chain of futures: the number of tries has no bound, and a chain would keep each of them. */
    private void attempt(PredictionRecord record, Duration retryDelay, Promise<Void> acknowledged) {
        vertx.eventBus()
                .request(Addresses.PREDICTION_LOG, record, delivery)
                .onSuccess(ack -> acknowledged.complete())
                .onFailure(failure -> {
                    LOG.debug(
                            "prediction log: record {} not acknowledged: {}", record.recordId(), failure.getMessage());
                    retried.incrementAndGet();
                    vertx.setTimer(retryDelay.toMillis(), later -> attempt(record, next(retryDelay), acknowledged));
                });
    }

    private Duration next(Duration delay) {
        var doubled = delay.multipliedBy(2);
        return doubled.compareTo(config.maxRetryDelay()) < 0 ? doubled : config.maxRetryDelay();
    }

    private void drop(Throwable failure) {
        dropped.incrementAndGet();
        LOG.error("prediction log: a record was dropped", failure);
    }
}
