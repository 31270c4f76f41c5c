package dev.augur.predictionlog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.time.Duration;

/** The prediction log as seen from a request. Futures complete on the caller's context. Thread-safe. */
public interface PredictionLog {
    /**
     * Offers the record of one request, which may still be under way: the log waits for it when it drains. Done when the ledger
     * has acknowledged the record. Fails with {@code OVERLOADED} when too many records are pending; the record is then counted as
     * dropped.
     *
     * @param record completes with the record once the request is over; must not fail
     */
    @CanIgnoreReturnValue // the log itself reports what it could not store
    default Future<Void> append(Future<PredictionRecord> record) {
        return append(record, Duration.ZERO);
    }

    /**
     * As {@link #append(Future)}, after a while.
     *
     * @param writeDelay simulated time of the write, spent before the record is handed over
     */
    @CanIgnoreReturnValue
    Future<Void> append(Future<PredictionRecord> record, Duration writeDelay);
}
