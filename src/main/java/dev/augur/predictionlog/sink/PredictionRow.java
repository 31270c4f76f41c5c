package dev.augur.predictionlog.sink;

import dev.augur.error.Shown;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line as a row: the fields that have a column of their own, and the whole as JSON. PostgreSQL has no NUL in texts;
 * where a record holds one, it holds U+FFFD here. Immutable, thread-safe.
 */
final class PredictionRow {
    /** The columns that hold a field of that name, in order. */
    static final List<String> FIELDS = List.of(
            RecordField.RECORD_ID,
            RecordField.RECEIVED_AT,
            RecordField.RESPONDED_AT,
            RecordField.MODEL,
            RecordField.MODEL_VERSION,
            RecordField.ENDPOINT,
            RecordField.NODE,
            RecordField.ITEM_ID,
            RecordField.CLIENT_REQUEST_ID,
            RecordField.STATUS,
            RecordField.ERROR_CODE);

    /** Longer values of a column are cut; the JSON has them whole. An index takes no more than 2,704 bytes. */
    static final int MAX_CHARACTERS = 600;

    private final LedgerLine line;
    private final Map<String, String> fields;
    private final String json;
    private final boolean altered;

    private PredictionRow(LedgerLine line, Map<String, String> fields, NulFree content) {
        this.line = line;
        this.fields = Map.copyOf(fields);
        this.json = new String(content.json(), StandardCharsets.UTF_8);
        this.altered = content.altered();
    }

    /** The row of a line; of a line that is no JSON object, one that has its id alone. */
    static PredictionRow of(LedgerLine line) {
        var content = NulFree.of(line.bytes());
        var fields = new HashMap<String, String>();
        try {
            RecordFields.read(content.json(), FIELDS)
                    .forEach((name, text) -> fields.put(name, Shown.beginning(text, MAX_CHARACTERS)));
        } catch (IOException e) {
            fields.clear(); // PostgreSQL will refuse the JSON, and the line is set aside
        }
        fields.putIfAbsent(RecordField.RECORD_ID, RecordFields.defaultId(line));
        return new PredictionRow(line, fields, content);
    }

    String writer() {
        return line.before().writer();
    }

    long seq() {
        return line.seq();
    }

    /** A field's text, not longer than a column's; {@code null} if there is none. */
    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /** The whole record. */
    String json() {
        return json;
    }

    /** The line as it stands in the ledger. */
    byte[] line() {
        return line.bytes();
    }

    /** Whether something was replaced. */
    boolean altered() {
        return altered;
    }
}
