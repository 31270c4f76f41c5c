package dev.augur.predictionlog.reading;

import com.fasterxml.jackson.core.JsonToken;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.line.LineJson;
import dev.augur.predictionlog.line.RecordField;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a line tells about its record before inputs and outputs begin. Immutable, thread-safe. */
public final class RecordHead {
    /** The first field of what may be large; the fields of a line stand in a fixed order. */
    private static final Set<String> ENDS = Set.of(RecordField.INPUTS, RecordField.FEATURES, RecordField.OUTPUTS);

    private static final Set<String> WANTED = Set.of(
            RecordField.RECORD_ID,
            RecordField.TYPE,
            RecordField.ITEM_ID,
            RecordField.ENDPOINT,
            RecordField.NODE,
            RecordField.MODEL,
            RecordField.STATUS,
            RecordField.RECEIVED_AT,
            RecordField.REPLAY_OF,
            RecordField.PREDICTION_ID,
            RecordField.OUTCOME);

    private final Map<String, String> fields;
    private final @Nullable Instant receivedAt;

    private RecordHead(Map<String, String> fields) {
        this.fields = Map.copyOf(fields);
        this.receivedAt = time(fields.get(RecordField.RECEIVED_AT));
    }

    /** The head of a line; one that cannot be read has no fields. */
    public static RecordHead of(byte[] line) {
        var fields = new HashMap<String, String>();
        try {
            LineJson.visit(line, (name, value, parser) -> {
                if (WANTED.contains(name) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    fields.put(name, parser.getText());
                }
                return !ENDS.contains(name);
            });
        } catch (IOException e) {
            return new RecordHead(Map.of());
        }
        return new RecordHead(fields);
    }

    /** The record's id. */
    public @Nullable String recordId() {
        return fields.get(RecordField.RECORD_ID);
    }

    /** Whether this is the record of a request; other records have a type. */
    public boolean isPrediction() {
        return recordId() != null && !fields.containsKey(RecordField.TYPE);
    }

    /** Whether it was asked for by a replay of another record. */
    public boolean isReplay() {
        return fields.containsKey(RecordField.REPLAY_OF);
    }

    /** The prediction that an outcome is about; {@code null} of other records. */
    public @Nullable String predictionId() {
        return OutcomeRecord.TYPE.equals(fields.get(RecordField.TYPE)) ? fields.get(RecordField.PREDICTION_ID) : null;
    }

    /** The value of an outcome as text; {@code null} if it is an object. */
    @Nullable
    String outcome() {
        return fields.get(RecordField.OUTCOME);
    }

    /** The entity, as text. */
    public @Nullable String itemId() {
        return fields.get(RecordField.ITEM_ID);
    }

    /** The route. */
    public @Nullable String endpoint() {
        return fields.get(RecordField.ENDPOINT);
    }

    /** The node that has made the record. */
    public @Nullable String node() {
        return fields.get(RecordField.NODE);
    }

    /** The model. */
    public @Nullable String model() {
        return fields.get(RecordField.MODEL);
    }

    /** What became of the request. */
    public @Nullable String status() {
        return fields.get(RecordField.STATUS);
    }

    /** When the request came. */
    public @Nullable Instant receivedAt() {
        return receivedAt;
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
