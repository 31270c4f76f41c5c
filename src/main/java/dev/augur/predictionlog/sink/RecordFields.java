package dev.augur.predictionlog.sink;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.augur.predictionlog.ledger.LedgerLine;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Single fields of a line, as texts. Thread-safe. */
final class RecordFields {
    static final String RECORD_ID = "record_id";
    static final String RECEIVED_AT = "received_at";

    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordFields() {}

    /** Those of these names at the top level, objects and arrays as JSON; of JSON that is no object, none. Fails where it is no JSON. */
    static Map<String, String> read(byte[] json, List<String> names) throws IOException {
        var fields = new HashMap<String, String>();
        try (var parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return fields;
            }
            for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                var value = parser.nextToken();
                if (!names.contains(name)) {
                    parser.skipChildren();
                } else if (value.isStructStart()) {
                    fields.put(name, String.valueOf(JSON.<JsonNode>readTree(parser)));
                } else if (value != JsonToken.VALUE_NULL) {
                    fields.put(name, parser.getText());
                }
            }
        }
        return fields;
    }

    /** When a line's request was received, in milliseconds; now if it does not say. */
    static long receivedMillis(LedgerLine line) {
        try {
            return millis(read(line.bytes(), List.of(RECEIVED_AT)).get(RECEIVED_AT));
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
