package dev.augur.predictionlog.ledger;

/**
 * A place in a chain: a line's sequence number and hash. Immutable, thread-safe.
 *
 * @param seq the line's number; 0 before the first line
 * @param hash the line's hash, 64 hexadecimal digits
 */
record ChainPoint(long seq, String hash) {
    /** Before the first line. */
    static final ChainPoint GENESIS = new ChainPoint(0, "0".repeat(LineFormat.HASH_CHARS));
}
