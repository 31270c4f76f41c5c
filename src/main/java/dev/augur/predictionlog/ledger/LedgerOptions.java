package dev.augur.predictionlog.ledger;

/**
 * How a ledger is opened. Thread-safe.
 *
 * @param repair whether damaged segments are moved aside instead of refusing to open; reads the whole ledger
 * @param cursors what followers still need
 */
public record LedgerOptions(boolean repair, Cursors cursors) {
    /** Without repair, and followed by nobody. */
    public static LedgerOptions plain() {
        return new LedgerOptions(false, Cursors.NONE);
    }
}
