package dev.augur.predictionlog.ledger;

/**
 * How far a writer is known to have come. Immutable, thread-safe.
 *
 * @param end the last line then
 * @param segment the name of the segment begun after it, or being written at that time
 */
record Head(ChainPoint end, String segment) {}
