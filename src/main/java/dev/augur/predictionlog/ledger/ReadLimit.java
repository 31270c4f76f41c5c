package dev.augur.predictionlog.ledger;

/**
 * How much to read at once. Immutable, thread-safe.
 *
 * @param lines at most so many
 * @param bytes no further line once so many bytes have been read
 * @param throughSeq no line beyond this one; a follower in the process that writes gives {@link Ledger#storedSeq}, and
 *     so sees no line that is still being written; {@link Long#MAX_VALUE} for every whole line
 */
public record ReadLimit(int lines, long bytes, long throughSeq) {}
