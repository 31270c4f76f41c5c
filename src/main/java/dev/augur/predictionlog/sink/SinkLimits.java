package dev.augur.predictionlog.sink;

import java.time.Duration;

/**
 * What one batch may hold and take. Thread-safe.
 *
 * @param batchRecords most records of a batch
 * @param timeout longest time for a batch, and for a connection
 * @param maxRetryDelay longest pause before a batch is tried again
 */
public record SinkLimits(int batchRecords, Duration timeout, Duration maxRetryDelay) {}
