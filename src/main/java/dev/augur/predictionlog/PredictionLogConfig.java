package dev.augur.predictionlog;

import java.time.Duration;

/**
 * How the prediction log behaves.
 *
 * @param maxPending records that may wait for their acknowledgement on this node before further ones are dropped and counted
 * @param ackTimeout how long the sender waits for one acknowledgement before it tries again
 * @param maxRetryDelay the longest pause between two tries
 * @param fsync whether an acknowledgement survives the machine, not only the process
 * @param segmentBytes size at which a new ledger file is begun
 */
public record PredictionLogConfig(
        int maxPending, Duration ackTimeout, Duration maxRetryDelay, boolean fsync, long segmentBytes) {}
