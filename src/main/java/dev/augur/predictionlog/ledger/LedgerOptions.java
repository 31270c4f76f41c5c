package dev.augur.predictionlog.ledger;

import java.nio.channels.FileChannel;

/**
 * How a ledger is opened. Thread-safe.
 *
 * @param repair whether damaged segments are moved aside instead of refusing to open; reads the whole ledger
 * @param cursors what followers still need
 * @param opener how its segments are opened for writing
 */
public record LedgerOptions(boolean repair, Cursors cursors, SegmentOpener opener) {
    /** With files as they are. */
    public LedgerOptions(boolean repair, Cursors cursors) {
        this(repair, cursors, FileChannel::open);
    }

    /** Without repair, and followed by nobody. */
    public static LedgerOptions plain() {
        return new LedgerOptions(false, Cursors.NONE);
    }
}
