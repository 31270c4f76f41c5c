package dev.augur.predictionlog.reading;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a line tells about its record before inputs and outputs begin. Immutable, thread-safe. */
public final class RecordHead {
    private static final JsonFactory JSON = new JsonFactory();
    /** The first field of what may be large; the fields of a line stand in a fixed order. */
    private static final Set<String> ENDS = Set.of("inputs", "features", "outputs", "outcome");

    private static final Set<String> WANTED =
            Set.of("record_id", "type", "item_id", "endpoint", "model", "status", "received_at");

    private final Map<String, String> fields;
    private final @Nullable Instant receivedAt;

    private RecordHead(Map<String, String> fields) {
        this.fields = Map.copyOf(fields);
        this.receivedAt = time(fields.get("received_at"));
    }

    /** The head of a line; one that cannot be read has no fields. */
    public static RecordHead of(byte[] line) {
        var fields = new HashMap<String, String>();
        try (var parser = JSON.createParser(line)) {
            read(parser, fields);
        } catch (IOException e) {
            return new RecordHead(Map.of());
        }
        return new RecordHead(fields);
    }

    /** The record's id. */
    public @Nullable String recordId() {
        return fields.get("record_id");
    }

    /** Whether this is the record of a request; other records have a type. */
    public boolean isPrediction() {
        return recordId() != null && !fields.containsKey("type");
    }

    /** The entity, as text. */
    public @Nullable String itemId() {
        return fields.get("item_id");
    }

    /** The route. */
    public @Nullable String endpoint() {
        return fields.get("endpoint");
    }

    /** The model. */
    public @Nullable String model() {
        return fields.get("model");
    }

    /** What became of the request. */
    public @Nullable String status() {
        return fields.get("status");
    }

    /** When the request came. */
    public @Nullable Instant receivedAt() {
        return receivedAt;
    }

    private static void read(JsonParser parser, Map<String, String> fields) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (var name = parser.nextFieldName(); name != null && !ENDS.contains(name); name = parser.nextFieldName()) {
            var value = parser.nextToken();
            if (WANTED.contains(name) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                fields.put(name, parser.getText());
            }
            parser.skipChildren();
        }
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
