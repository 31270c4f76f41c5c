package dev.augur.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * JSON texts in the making, one behind the other, in UTF-8 without white space. It checks nothing: who writes takes
 * care that values and names alternate. Numbers that JSON does not have (NaN, the infinities) become strings, and a
 * surrogate without its other half an escape, so that whatever a client may send can be recorded. One thread.
 */
public final class JsonBytes {
    private static final int BYTES_PER_CHAR = 6; // of the longest escape
    private static final int STEP = 256; // characters that room is made for at once
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8; // of an array
    private static final int ASCII = 0x80;
    private static final int TWO_BYTES = 0x800;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final String SHORT = "\"\\\b\t\n\f\r"; // those whose escape is one character
    private static final String SHORT_ESCAPES = "\"\\btnfr";

    private byte[] bytes;
    private int length;
    private boolean separated = true; // whether no comma is due

    /** Writes into these bytes, and takes others when it needs more room. */
    public JsonBytes(byte[] room) {
        this.bytes = room;
    }

    /** What holds the texts; not copied. */
    public byte[] array() {
        return bytes;
    }

    /** How many bytes have been written. */
    public int length() {
        return length;
    }

    /** A copy of what has been written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Goes back to so many bytes; what follows is a text of its own. */
    public void beginAt(int bytesBefore) {
        length = bytesBefore;
        separated = true;
    }

    /** Opens an object or an array. */
    public void begin(char bracket) {
        separate(1);
        bytes[length++] = (byte) bracket;
        separated = true;
    }

    /** Closes what was opened last. */
    public void end(char bracket) {
        room(1);
        bytes[length++] = (byte) bracket;
        separated = false;
    }

    /** The name of a member. */
    public void name(String name) {
        string(name);
        room(1);
        bytes[length++] = ':';
        separated = true;
    }

    /** A name of printable ASCII, without quotes and backslashes. */
    public void plainName(String name) {
        plainString(name);
        bytes[length++] = ':';
        separated = true;
    }

    /** A text of printable ASCII, without quotes and backslashes. */
    @SuppressWarnings("deprecation") // what it does to other than ASCII does not happen here
    public void plainString(String text) {
        separate(text.length() + 3L); // the quotes, and a colon behind
        bytes[length++] = '"';
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        bytes[length++] = '"';
    }

    /** A time. */
    public void time(TimeText text, Instant time) {
        separate(TimeText.BYTES + 2L);
        bytes[length++] = '"';
        length = text.write(time, bytes, length);
        bytes[length++] = '"';
    }

    /** One or more values that are JSON already. */
    public void json(JsonText text) {
        separate(text.length());
        System.arraycopy(text.bytes(), text.from(), bytes, length, text.length());
        length += text.length();
    }

    /** A text. */
    public void string(String text) {
        separate(1);
        bytes[length++] = '"';
        int at = 0;
        while (at < text.length()) {
            int until = Math.min(text.length(), at + STEP);
            room(1L + BYTES_PER_CHAR * (long) (until - at));
            at = plain(text, at, until);
            if (at < until) {
                at = special(text, at);
            }
        }
        room(1);
        bytes[length++] = '"';
    }

    /**
     * Writes characters as long as each is a byte as it stands; the place of the first that is not. Most texts are such
     * a run.
     */
    private int plain(String text, int from, int until) {
        byte[] out = bytes;
        int to = length - from;
        int at = from;
        for (; at < until; at++) {
            char c = text.charAt(at);
            if (c >= ASCII || c < FIRST_PRINTABLE || c == '"' || c == '\\') {
                break;
            }
            out[to + at] = (byte) c;
        }
        length = to + at;
        return at;
    }

    /** Writes a character that needs more than itself; the place behind it. */
    private int special(String text, int at) {
        char c = text.charAt(at);
        int next = at + 1;
        if (c < ASCII) {
            ascii(c);
        } else if (!Character.isSurrogate(c)) {
            wide(c);
        } else if (Character.isHighSurrogate(c)
                && next < text.length()
                && Character.isLowSurrogate(text.charAt(next))) {
            pair(Character.toCodePoint(c, text.charAt(next)));
            next++;
        } else {
            escape(c);
        }
        return next;
    }

    /** A whole number. */
    public void number(long value) {
        separate(NumberText.MAX_BYTES);
        length = NumberText.write(value, bytes, length);
    }

    /** A number; NaN and the infinities as texts. */
    public void number(double value) {
        if (Double.isFinite(value)) {
            separate(NumberText.MAX_BYTES);
            length = NumberText.write(value, bytes, length);
        } else {
            string(Double.toString(value));
        }
    }

    /** A number with the digits of a float; NaN and the infinities as texts. */
    public void number(float value) {
        if (Float.isFinite(value)) {
            separate(NumberText.MAX_BYTES);
            length = NumberText.write(value, bytes, length);
        } else {
            string(Float.toString(value));
        }
    }

    /** A number, {@code true}, {@code false} or {@code null}, as JSON has it. */
    @SuppressWarnings("deprecation") // what it does to other than ASCII does not happen here
    public void literal(String ascii) {
        separate(ascii.length());
        ascii.getBytes(0, ascii.length(), bytes, length);
        length += ascii.length();
    }

    private void separate(long more) {
        room(more + 1);
        if (!separated) {
            bytes[length++] = ',';
        }
        separated = false;
    }

    private void room(long more) {
        if (length + more > bytes.length) {
            long larger = Math.max(length + more, Math.min(2L * bytes.length, MAX_BYTES));
            bytes = Arrays.copyOf(bytes, Math.toIntExact(larger));
        }
    }

    private void ascii(char c) {
        int place = SHORT.indexOf(c);
        if (place < 0) {
            escape(c);
        } else {
            bytes[length++] = '\\';
            bytes[length++] = (byte) SHORT_ESCAPES.charAt(place);
        }
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(c >> shift) & 0xF];
        }
    }

    private void wide(char c) {
        if (c < TWO_BYTES) {
            bytes[length++] = (byte) (0xC0 | (c >> 6));
        } else {
            bytes[length++] = (byte) (0xE0 | (c >> 12));
            bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
        }
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
    }

    private void pair(int codePoint) {
        bytes[length++] = (byte) (0xF0 | (codePoint >> 18));
        bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
    }
}
