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

    /** The length of the next line with this JSON. */
    long length(byte[] json) {
        return (long) start.length + Long.toString(lastSeq + 1).length() + json.length - 1 + LineFormat.TAIL_BYTES;
    }

    /** The next line, without its line feed, of a JSON object that has at least one field. */
    byte[] next(byte[] json) {
        var line = new byte[Math.toIntExact(length(json))];
        int at = LineFormat.put(line, 0, start);
        at = LineFormat.put(line, at, LineFormat.bytes(Long.toString(lastSeq + 1)));
        line[at++] = ',';
        System.arraycopy(json, 1, line, at, json.length - 2);
        at = LineFormat.putTail(line, at + json.length - 2, lastDigits);
        sha256.update(line, 0, line.length - LineFormat.UNHASHED_BYTES);
        try {
            int unused = sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        LineFormat.hex(hash, line, at);
        System.arraycopy(line, at, lastDigits, 0, lastDigits.length);
        lastSeq++;
        return line;
    }
}
