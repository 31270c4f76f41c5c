package dev.augur.predictionlog.ledger;

import java.nio.charset.StandardCharsets;

/** A whole line as it stands in the ledger, and where. Immutable, thread-safe. */
public final class LedgerLine {
    private final Cursor before;
    private final Cursor after;
    private final byte[] bytes;

    LedgerLine(Cursor before, long seq, byte[] bytes) {
        this.before = before;
        this.after = new Cursor(before.writer(), seq, before.segment(), before.offset() + bytes.length + 1);
        this.bytes = bytes;
    }

    /** Its number. */
    public long seq() {
        return after.seq();
    }

    /** The JSON without its line feed; not copied, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The place before this line. */
    public Cursor before() {
        return before;
    }

    /** The place after this line: what a follower keeps once it has dealt with it. */
    public Cursor after() {
        return after;
    }

    /** The JSON. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
