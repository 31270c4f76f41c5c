package dev.augur.inference;

import java.time.Instant;

/**
 * When a request waited and ran. Thread-safe.
 *
 * @param batchRows rows of the batch it ran in; 0 where the model has no batch dimension
 * @param thread the name of the one that ran it
 */
public record RunTimes(Instant queuedAt, Instant startedAt, Instant endedAt, long batchRows, String thread) {}
