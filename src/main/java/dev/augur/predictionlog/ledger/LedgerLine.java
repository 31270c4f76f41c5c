package dev.augur.predictionlog.ledger;

import dev.augur.digest.Sha256;
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

    /** Whether its hash is that of its bytes. */
    public boolean isIntact() {
        if (!LineFormat.hasTail(bytes, 0, bytes.length)) {
            return false;
        }
        var sha256 = Sha256.begin();
        sha256.update(bytes, 0, bytes.length - LineFormat.UNHASHED_BYTES);
        return Sha256.hex(sha256).equals(hash());
    }

    /** Whether it names the hash of another line as that of the one before; both are intact. */
    public boolean isChainedTo(LedgerLine other) {
        return LineFormat.digits(bytes, LineFormat.prevAt(bytes.length)).equals(other.hash());
    }

    private String hash() {
        return LineFormat.digits(bytes, LineFormat.hashAt(bytes.length));
    }

    /** The JSON. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
