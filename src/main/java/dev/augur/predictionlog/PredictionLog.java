package dev.augur.predictionlog;

import io.vertx.core.Future;
import java.time.Duration;

/** The prediction log as seen from a request. Thread-safe. */
public interface PredictionLog {
    /**
     * Offers the record of a request that is over; nobody waits for its acknowledgement. The log itself reports what it
     * could not store.
     */
    void append(PredictionRecord record);

    /**
     * As the other, of a request that may still be under way: the log waits for the record when it drains.
     *
     * @param record completes with the record once the request is over; must not fail
     */
    void append(Future<? extends LogRecord> record);

    /**
     * Offers a record, and completes on the caller's event loop when the ledger has acknowledged it. Fails with
     * {@code NOT_READY} when it has not within that time, or cannot; the record may be stored later.
     */
    Future<Void> store(Future<? extends LogRecord> record, Duration patience);

    /**
     * The record as it is to stand in the log, made on the caller's thread: for one that would take an event loop too
     * long. It is offered like any other then.
     */
    LogRecord written(PredictionRecord record);
}
