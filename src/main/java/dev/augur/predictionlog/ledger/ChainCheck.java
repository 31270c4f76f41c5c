package dev.augur.predictionlog.ledger;

import dev.augur.digest.Sha256;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks lines of one writer that follow one another. One thread. */
final class ChainCheck {
    private final byte[] start;
    private final MessageDigest sha256 = Sha256.begin();
    private final byte[] hash = new byte[LineFormat.HASH_BYTES];
    private final byte[] digits = new byte[LineFormat.HASH_CHARS];
    private final byte[] lastDigits = new byte[LineFormat.HASH_CHARS];
    private ChainPoint before;
    private long expectedSeq;
    private boolean first = true;

    /**
     * A check of what follows some line that is not known: the prev of the first line is taken as given.
     *
     * @param expectedSeq the seq of the first line
     */
    ChainCheck(String writer, long expectedSeq) {
        this.start = LineFormat.start(writer);
        this.expectedSeq = expectedSeq;
        this.before = new ChainPoint(expectedSeq - 1, "");
    }

    /** What is wrong with the next line; {@code null} if nothing is. */
    @Nullable
    String fault(byte[] buffer, int from, int to) {
        long seq = LineFormat.seq(start, buffer, from, to);
        if (seq < 0 || !LineFormat.hasTail(buffer, from, to)) {
            return "is torn or no line of this writer";
        }
        if (!hashMatches(buffer, from, to)) {
            return "was altered: seq " + seq + " does not match its hash";
        }
        if (seq != expectedSeq) {
            return order(seq);
        }
        if (!first && !equal(buffer, LineFormat.prevAt(to), lastDigits)) {
            return "is not chained to the line before: its prev is another hash";
        }
        if (first) {
            before = new ChainPoint(seq - 1, LineFormat.digits(buffer, LineFormat.prevAt(to)));
            first = false;
        }
        System.arraycopy(buffer, LineFormat.hashAt(to), lastDigits, 0, lastDigits.length);
        expectedSeq++;
        return null;
    }

    /** What the first line says of the line before it; with an empty hash as long as there was none. */
    ChainPoint before() {
        return before;
    }

    /** The last line without a fault; {@link #before} as long as there was none. */
    ChainPoint end() {
        return first ? before : new ChainPoint(expectedSeq - 1, LineFormat.digits(lastDigits, 0));
    }

    /** Whether a line, wherever it stands, is one of this writer's as it was written; its seq, or -1. */
    long wholeSeq(byte[] buffer, int from, int to) {
        long seq = LineFormat.seq(start, buffer, from, to);
        return seq >= 0 && LineFormat.hasTail(buffer, from, to) && hashMatches(buffer, from, to) ? seq : -1;
    }

    private String order(long seq) {
        if (seq == expectedSeq - 1) {
            return "stands twice: seq " + seq;
        }
        return "is out of place: seq " + seq + " stands where " + expectedSeq + " was expected ("
                + (seq > expectedSeq ? "lines were removed or moved" : "lines were doubled or moved") + ")";
    }

    private boolean hashMatches(byte[] buffer, int from, int to) {
        sha256.update(buffer, from, to - from - LineFormat.UNHASHED_BYTES);
        try {
            int unused = sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        LineFormat.hex(hash, digits, 0);
        return equal(buffer, LineFormat.hashAt(to), digits);
    }

    private static boolean equal(byte[] buffer, int at, byte[] digits) {
        return Arrays.equals(buffer, at, at + digits.length, digits, 0, digits.length);
    }
}
