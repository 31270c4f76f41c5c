package dev.augur.predictionlog;

import dev.augur.predictionlog.ledger.LedgerConfig;
import java.time.Duration;

/**
 * How the prediction log behaves.
 *
 * @param maxPending records that may wait for their acknowledgement on this node before further ones are dropped and counted
 * @param ackTimeout how long the sender waits for one acknowledgement before it tries again
 * @param maxRetryDelay the longest pause between two tries
 * @param ledger how it is kept on disk
 */
public record PredictionLogConfig(int maxPending, Duration ackTimeout, Duration maxRetryDelay, LedgerConfig ledger) {}
