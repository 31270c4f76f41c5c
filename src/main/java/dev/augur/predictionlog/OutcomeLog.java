package dev.augur.predictionlog;

import io.vertx.core.Future;

/** The prediction log as seen by who knows how a prediction turned out. Thread-safe. */
@FunctionalInterface
public interface OutcomeLog {
    /**
     * Offers a record. Done when the ledger has acknowledged it, which is tried until it succeeds; who waits sets a limit. Fails with
     * {@code OVERLOADED} when too many records are pending.
     */
    Future<Void> append(OutcomeRecord record);
}
