package dev.augur.predictionlog;

import dev.augur.json.JsonBytes;
import dev.augur.json.TimeText;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.line.RecordField;
import dev.augur.tensor.Tensor;
import dev.augur.tensor.TensorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How records stand in a line of the ledger: one flat JSON object each, in snake case, without the fields that are
 * absent, times in ISO 8601 with six decimals. Thread-safe.
 */
final class RecordJson {
    private static final int ONE_RECORD_BYTES = 2_048;

    private final TimeText times = new TimeText();

    /** The record as UTF-8 JSON without a line break. */
    byte[] encode(LogRecord record) throws UnwritableRecordException {
        var json = new JsonBytes(new byte[ONE_RECORD_BYTES]);
        write(record, json);
        return json.toByteArray();
    }

    /** Writes the record as {@link #encode} has it behind what is there; of one that fails, nothing. */
    void write(LogRecord record, JsonBytes json) throws UnwritableRecordException {
        int start = json.length();
        json.beginAt(start);
        try {
            if (record instanceof EncodedRecord encoded) {
                json.json(encoded.json());
                return;
            }
            json.begin('{');
            if (record instanceof OutcomeRecord outcome) {
                outcome(json, outcome);
            } else if (record instanceof RefusalsRecord refusals) {
                refusals(json, refusals);
            } else {
                prediction(json, (PredictionRecord) record);
            }
            json.end('}');
        } catch (RuntimeException e) {
            json.beginAt(start);
            throw new UnwritableRecordException(e);
        }
    }

    private void outcome(JsonBytes json, OutcomeRecord record) {
        number(json, RecordField.SCHEMA_VERSION, record.schemaVersion());
        text(json, RecordField.TYPE, record.type());
        text(json, RecordField.RECORD_ID, record.recordId());
        text(json, RecordField.PREDICTION_ID, record.predictionId());
        text(json, RecordField.NODE, record.node());
        time(json, RecordField.RECEIVED_AT, record.receivedAt());
        time(json, RecordField.OBSERVED_AT, record.observedAt());
        field(json, RecordField.OUTCOME, record.outcome());
    }

    private void refusals(JsonBytes json, RefusalsRecord record) {
        number(json, RecordField.SCHEMA_VERSION, record.schemaVersion());
        text(json, RecordField.TYPE, record.type());
        text(json, RecordField.RECORD_ID, record.recordId());
        text(json, RecordField.NODE, record.node());
        time(json, RecordField.RECEIVED_AT, record.receivedAt());
        time(json, RecordField.UNTIL, record.until());
        number(json, RecordField.COUNT, record.count());
        field(json, RecordField.REFUSED, record.refused());
    }

    private void prediction(JsonBytes json, PredictionRecord record) {
        number(json, RecordField.SCHEMA_VERSION, PredictionRecord.SCHEMA_VERSION);
        text(json, RecordField.RECORD_ID, record.recordId);
        text(json, RecordField.CLIENT_REQUEST_ID, record.origin.requestId());
        plain(json, RecordField.TRACE_ID, record.origin.traceId());
        text(json, RecordField.REPLAY_OF, record.origin.replayOf());
        text(json, RecordField.PRINCIPAL, record.origin.principal());
        field(json, RecordField.ITEM_ID, record.itemId);
        text(json, RecordField.ENDPOINT, record.endpoint);
        text(json, RecordField.NODE, record.node);
        text(json, RecordField.MODEL, record.model);
        text(json, RecordField.MODEL_VERSION, record.modelVersion);
        plain(json, RecordField.ARTIFACT_DIGEST, record.artifactDigest);
        text(json, RecordField.FEATURE_SOURCE, record.featureSource);
        plain(json, RecordField.STATUS, record.status().name());
        number(json, RecordField.HTTP_STATUS, record.httpStatus);
        plain(json, RecordField.ERROR_CODE, record.errorCode == null ? null : record.errorCode.name());
        text(json, RecordField.ERROR, record.error);
        times(json, record);
        number(json, RecordField.BATCH_ROWS, record.batchRows);
        field(json, RecordField.INPUTS, record.inputs);
        features(json, record.features);
        field(json, RecordField.OUTPUTS, record.outputs);
        if (!record.redacted.isEmpty()) {
            field(json, RecordField.REDACTED, record.redacted);
        }
    }

    private void times(JsonBytes json, PredictionRecord record) {
        time(json, RecordField.RECEIVED_AT, record.receivedAt);
        time(json, RecordField.FEATURES_AT, record.featuresAt);
        time(json, RecordField.QUEUED_AT, record.queuedAt);
        time(json, RecordField.PREDICT_STARTED_AT, record.predictStartedAt);
        time(json, RecordField.PREDICT_ENDED_AT, record.predictEndedAt);
        time(json, RecordField.RESPONDED_AT, record.respondedAt);
    }

    private void features(JsonBytes json, List<Feature> features) {
        json.plainName(RecordField.FEATURES);
        json.begin('[');
        for (Feature feature : features) {
            json.begin('{');
            text(json, "name", feature.name());
            field(json, "value", feature.value());
            plain(json, "status", feature.status().name());
            number(json, "age_ms", feature.ageMs());
            json.end('}');
        }
        json.end(']');
    }

    private static void text(JsonBytes json, String name, @Nullable String text) {
        if (text != null) {
            json.plainName(name);
            json.string(text);
        }
    }

    /** A text that this program made, of printable ASCII without quotes and backslashes. */
    private static void plain(JsonBytes json, String name, @Nullable String text) {
        if (text != null) {
            json.plainName(name);
            json.plainString(text);
        }
    }

    private static void number(JsonBytes json, String name, @Nullable Number number) {
        if (number != null) {
            json.plainName(name);
            json.number(number.longValue());
        }
    }

    private void time(JsonBytes json, String name, @Nullable Instant time) {
        if (time != null) {
            json.plainName(name);
            json.time(times, time);
        }
    }

    private void field(JsonBytes json, String name, @Nullable Object value) {
        if (value != null) {
            json.plainName(name);
            value(json, value);
        }
    }

    private void value(JsonBytes json, @Nullable Object value) {
        if (value instanceof String text) {
            json.string(text);
        } else if (value instanceof Number number) {
            number(json, number);
        } else if (value instanceof Boolean || value == null) {
            json.literal(String.valueOf(value));
        } else if (value instanceof List<?> list) {
            array(json, list);
        } else if (value instanceof Map<?, ?> map) {
            object(json, map);
        } else if (value instanceof RecordedTensor tensor) {
            tensor(json, tensor);
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
        }
    }

    private static void number(JsonBytes json, Number number) {
        if (number instanceof Double real) {
            json.number(real.doubleValue());
        } else if (number instanceof Float real) {
            json.number(real.floatValue());
        } else if (number instanceof BigInteger || number instanceof BigDecimal) {
            json.literal(number.toString());
        } else {
            json.number(number.longValue());
        }
    }

    private void array(JsonBytes json, List<?> list) {
        json.begin('[');
        for (Object element : list) {
            value(json, element);
        }
        json.end(']');
    }

    private void object(JsonBytes json, Map<?, ?> map) {
        json.begin('{');
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.name(String.valueOf(entry.getKey()));
            value(json, entry.getValue());
        }
        json.end('}');
    }

    private void tensor(JsonBytes json, RecordedTensor tensor) {
        json.begin('{');
        plain(json, "datatype", tensor.datatype().name());
        json.plainName("shape");
        json.begin('[');
        for (long dimension : tensor.shape().toArray()) {
            json.number(dimension);
        }
        json.end(']');
        var whole = tensor.whole();
        if (whole != null) {
            json.plainName("data");
            if (tensor.text() == null) {
                data(json, whole);
            } else {
                json.begin('[');
                json.json(tensor.text());
                json.end(']');
            }
        } else {
            number(json, "bytes", tensor.bytes());
            plain(json, "sha256", tensor.sha256());
            field(json, "truncated", true);
        }
        json.end('}');
    }

    /** The common kinds of numbers are written as they are read; the others are made values first. */
    private void data(JsonBytes json, Tensor tensor) {
        var elements = tensor.elements();
        switch (tensor.datatype()) {
            case FP32 -> {
                json.begin('[');
                while (elements.hasRemaining()) {
                    json.number(elements.getFloat());
                }
                json.end(']');
            }
            case FP64 -> {
                json.begin('[');
                while (elements.hasRemaining()) {
                    json.number(elements.getDouble());
                }
                json.end(']');
            }
            default -> array(json, TensorValues.of(tensor));
        }
    }
}
