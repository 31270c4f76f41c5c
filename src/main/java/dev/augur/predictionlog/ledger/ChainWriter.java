package dev.augur.predictionlog.ledger;

import dev.augur.digest.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;

/** Makes the lines of one writer, each chained to the one before. One thread. */
final class ChainWriter {
    private final byte[] start;
    private final MessageDigest sha256 = Sha256.begin();
    private final byte[] hash = new byte[LineFormat.HASH_BYTES];
    private final byte[] lastDigits = new byte[LineFormat.HASH_CHARS];
    private long lastSeq;

    ChainWriter(String writer, ChainPoint after) {
        this.start = LineFormat.start(writer);
        continueAfter(after);
    }

    /** Goes back, or on, to another place. */
    void continueAfter(ChainPoint point) {
        lastSeq = point.seq();
        int unused = LineFormat.put(lastDigits, 0, LineFormat.bytes(point.hash()));
    }

    /** The line made last. */
    ChainPoint point() {
        return new ChainPoint(lastSeq, new String(lastDigits, StandardCharsets.US_ASCII));
    }

    /** The length of a line with this entry, whatever its seq. */
    long most(LedgerEntry entry) {
        return (long) start.length + LineFormat.MAX_SEQ_DIGITS + entry.length() - 1 + LineFormat.TAIL_BYTES;
    }

    /**
     * Writes the next line, without its line feed, of this entry.
     *
     * @param to has room for {@link #most} of it, or more
     * @return the place behind it
     */
    int next(LedgerEntry entry, byte[] to, int from) {
        int at = LineFormat.put(to, from, start);
        at = LineFormat.put(to, at, LineFormat.bytes(Long.toString(lastSeq + 1)));
        to[at++] = ',';
        System.arraycopy(entry.bytes(), entry.from() + 1, to, at, entry.length() - 2);
        at = LineFormat.putTail(to, at + entry.length() - 2, lastDigits);
        sha256.update(to, from, at - LineFormat.HASH_PREFIX_BYTES - from);
        try {
            int unused = sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        LineFormat.hex(hash, to, at);
        System.arraycopy(to, at, lastDigits, 0, lastDigits.length);
        lastSeq++;
        return at + LineFormat.HASH_CHARS + LineFormat.END_BYTES;
    }
}
