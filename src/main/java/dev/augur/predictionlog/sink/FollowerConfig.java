package dev.augur.predictionlog.sink;

import java.time.Duration;

/**
 * How a ledger is followed. Thread-safe.
 *
 * @param batchRecords most records of a batch
 * @param batchBytes a batch is complete once its lines have so many bytes
 * @param maxRetryDelay longest pause before a batch is tried again
 */
public record FollowerConfig(int batchRecords, long batchBytes, Duration maxRetryDelay) {}
