package dev.augur.predictionlog.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How a line is laid out in bytes; the package says it in words. Thread-safe. */
final class LineFormat {
    /** Longest line, without its line feed. A longer one is not written, and no reader keeps more in memory. */
    static final int MAX_LINE_BYTES = 64 << 20;

    static final int MAX_SEQ_DIGITS = 18;
    static final int HASH_BYTES = 32;
    static final int HASH_CHARS = 2 * HASH_BYTES;
    private static final byte[] PREV = bytes(",\"prev\":\"");
    private static final byte[] HASH = bytes(",\"hash\":\"");
    private static final byte[] END = bytes("\"}");
    /** What is added to a JSON object from {@code ,"prev"} on, its closing brace included. */
    static final int TAIL_BYTES = PREV.length + HASH_CHARS + 1 + HASH.length + HASH_CHARS + END.length;
    /** What stands in front of the digits of the hash, which it does not cover. */
    static final int HASH_PREFIX_BYTES = HASH.length;

    /** What stands behind them. */
    static final int END_BYTES = END.length;

    /** What the hash does not cover. */
    static final int UNHASHED_BYTES = HASH.length + HASH_CHARS + END.length;

    private static final byte[] DIGITS = bytes("0123456789abcdef");

    private LineFormat() {}

    /** The bytes of every line of a writer up to the digits of its seq. */
    static byte[] start(String writer) {
        return bytes("{\"writer_id\":\"" + writer + "\",\"seq\":");
    }

    /** Writes a hash as digits. */
    static void hex(byte[] hash, byte[] line, int at) {
        for (int i = 0; i < hash.length; i++) {
            line[at + 2 * i] = DIGITS[(hash[i] >> 4) & 0xf];
            line[at + 2 * i + 1] = DIGITS[hash[i] & 0xf];
        }
    }

    /** Puts {@code ,"prev":"…","hash":"} with its digits for prev, and returns where the digits of the hash belong. */
    static int putTail(byte[] line, int at, byte[] prevDigits) {
        int next = put(line, at, PREV);
        next = put(line, next, prevDigits);
        line[next++] = '"';
        next = put(line, next, HASH);
        int unused = put(line, next + HASH_CHARS, END);
        return next;
    }

    /** Whether a line ends as {@link #putTail} made it, whatever the digits are. */
    static boolean hasTail(byte[] buffer, int from, int to) {
        int tail = to - TAIL_BYTES;
        return tail > from
                && at(buffer, tail, PREV)
                && buffer[to - UNHASHED_BYTES - 1] == '"'
                && at(buffer, to - UNHASHED_BYTES, HASH)
                && at(buffer, to - END.length, END);
    }

    /** Where the digits of prev stand in a line that ends at {@code to}. */
    static int prevAt(int to) {
        return to - TAIL_BYTES + PREV.length;
    }

    /** Where the digits of the hash stand in a line that ends at {@code to}. */
    static int hashAt(int to) {
        return to - END.length - HASH_CHARS;
    }

    static String digits(byte[] buffer, int at) {
        return new String(buffer, at, HASH_CHARS, StandardCharsets.US_ASCII);
    }

    /** The seq of a line, or -1 if the line does not begin as this writer's do. */
    static long seq(byte[] start, byte[] buffer, int from, int to) {
        if (to - from < start.length || !at(buffer, from, start)) {
            return -1;
        }
        long seq = 0;
        int i = from + start.length;
        int first = i;
        for (; i < to && buffer[i] >= '0' && buffer[i] <= '9' && i - first < MAX_SEQ_DIGITS; i++) {
            seq = 10 * seq + (buffer[i] - '0');
        }
        return i > first && i < to && buffer[i] == ',' ? seq : -1;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static int put(byte[] line, int at, byte[] part) {
        System.arraycopy(part, 0, line, at, part.length);
        return at + part.length;
    }

    private static boolean at(byte[] buffer, int from, byte[] part) {
        return Arrays.equals(buffer, from, from + part.length, part, 0, part.length);
    }
}
