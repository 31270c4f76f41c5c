package dev.augur.json;

/** A piece of JSON on one line, in UTF-8, inside an array that nobody changes any more. Immutable, thread-safe. */
public final class JsonText {
    private final byte[] bytes;
    private final int from;
    private final int to;

    /** All of these bytes, which are not copied. */
    public JsonText(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** The bytes from one place to another; they are not copied. */
    public JsonText(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** What holds the text. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the text begins. */
    public int from() {
        return from;
    }

    /** How many bytes it has. */
    public int length() {
        return to - from;
    }
}
