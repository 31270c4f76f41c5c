package dev.augur.predictionlog.ledger;

/**
 * What is to be written: a JSON object with at least one field, as UTF-8 without line breaks, and its id. Immutable,
 * thread-safe.
 */
public final class LedgerEntry {
    private final RecordKey key;
    private final byte[] bytes;
    private final int from;
    private final int to;

    /** An entry of all these bytes, which are not copied; see the other. */
    public LedgerEntry(String recordId, byte[] json) {
        this(recordId, json, 0, json.length);
    }

    /**
     * An entry.
     *
     * @param recordId the value of the object's field {@code record_id}; an id that was written lately is not written
     *     again
     * @param bytes have the object from one place to another; not copied
     */
    public LedgerEntry(String recordId, byte[] bytes, int from, int to) {
        if (to - from <= 2 || bytes[from] != '{' || bytes[to - 1] != '}') {
            throw new IllegalArgumentException("an entry is a JSON object with a field");
        }
        this.key = RecordKey.of(recordId);
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    RecordKey key() {
        return key;
    }

    /** What holds the object. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the object begins. */
    int from() {
        return from;
    }

    /** How many bytes the object has. */
    int length() {
        return to - from;
    }
}
