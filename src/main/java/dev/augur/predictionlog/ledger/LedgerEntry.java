package dev.augur.predictionlog.ledger;

/**
 * What is to be written: a JSON object with at least one field, as UTF-8 without line breaks, and its id. Immutable,
 * thread-safe.
 */
public final class LedgerEntry {
    private final String recordId;
    private final byte[] json;

    /**
     * An entry.
     *
     * @param recordId the value of the object's field {@code record_id}; an id that was written lately is not written
     *     again
     * @param json not copied
     */
    public LedgerEntry(String recordId, byte[] json) {
        if (json.length <= 2 || json[0] != '{' || json[json.length - 1] != '}') {
            throw new IllegalArgumentException("an entry is a JSON object with a field");
        }
        this.recordId = recordId;
        this.json = json;
    }

    String recordId() {
        return recordId;
    }

    byte[] json() {
        return json;
    }
}
