package dev.augur.predictionlog.sink;

import com.fasterxml.jackson.core.JsonToken;
import dev.augur.predictionlog.ledger.LedgerLine;
import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Single fields of a line, as texts. Thread-safe. */
final class RecordFields {
    private RecordFields() {}

    /**
     * Those of these names at the top level, objects and arrays as JSON; of JSON that is no object, none. Fails where
     * it is no JSON.
     */
    static Map<String, String> read(byte[] json, List<String> names) throws IOException {
        var fields = new HashMap<String, String>();
        LineJson.visit(json, (name, value, parser) -> {
            if (names.contains(name) && value.isStructStart()) {
                fields.put(name, LineJson.json(parser));
            } else if (names.contains(name) && value != JsonToken.VALUE_NULL) {
                fields.put(name, parser.getText());
            }
            return true;
        });
        return fields;
    }

    /** When a line's request was received, in milliseconds; now if it does not say. */
    static long receivedMillis(LedgerLine line) {
        try {
            return millis(read(line.bytes(), List.of(RecordField.RECEIVED_AT)).get(RecordField.RECEIVED_AT));
        } catch (IOException e) {
            return System.currentTimeMillis();
        }
    }

    /** A time in milliseconds; now if it is none. */
    static long millis(@Nullable String time) {
        try {
            return time == null
                    ? System.currentTimeMillis()
                    : Instant.parse(time).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            return System.currentTimeMillis();
        }
    }

    /** The id of a line that says none. */
    static String defaultId(LedgerLine line) {
        return line.before().writer() + "-" + line.seq();
    }
}
