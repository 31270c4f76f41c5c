package dev.augur.predictionlog;

import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.Times;
import dev.augur.tensor.TensorValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How records stand in a line of the ledger: one flat JSON object each, in snake case, without the fields that are absent, times in ISO 8601
 * with six decimals. Thread-safe.
 */
final class RecordJson {
    private final TimeText times = new TimeText();

    /** The record as UTF-8 JSON without a line break. */
    byte[] encode(LogRecord record) throws UnwritableRecordException {
        if (record instanceof EncodedRecord encoded) {
            return whole(encoded);
        }
        var json = new JsonBytes();
        try {
            json.begin('{');
            if (record instanceof OutcomeRecord outcome) {
                outcome(json, outcome);
            } else {
                prediction(json, (PredictionRecord) record);
            }
            json.end('}');
        } catch (RuntimeException e) {
            throw new UnwritableRecordException(e);
        }
        return json.toByteArray();
    }

    private static byte[] whole(EncodedRecord record) throws UnwritableRecordException {
        if (record.json().length() == 0) {
            throw new UnwritableRecordException("its node could not write it");
        }
        return record.json().getBytes();
    }

    private void outcome(JsonBytes json, OutcomeRecord record) {
        number(json, "schema_version", record.schemaVersion());
        text(json, "type", record.type());
        text(json, "record_id", record.recordId());
        text(json, "prediction_id", record.predictionId());
        text(json, "node", record.node());
        time(json, "received_at", record.receivedAt());
        time(json, "observed_at", record.observedAt());
        field(json, "outcome", record.outcome());
    }

    private void prediction(JsonBytes json, PredictionRecord record) {
        number(json, "schema_version", record.schemaVersion());
        text(json, "record_id", record.recordId());
        text(json, "client_request_id", record.clientRequestId());
        text(json, "trace_id", record.traceId());
        field(json, "item_id", record.itemId());
        text(json, "endpoint", record.endpoint());
        text(json, "node", record.node());
        text(json, "model", record.model());
        text(json, "model_version", record.modelVersion());
        text(json, "artifact_digest", record.artifactDigest());
        text(json, "feature_source", record.featureSource());
        text(json, "status", record.status().name());
        number(json, "http_status", record.httpStatus());
        text(json, "error_code", record.errorCode());
        text(json, "error", record.error());
        times(json, record.times());
        number(json, "batch_rows", record.batchRows());
        field(json, "inputs", record.inputs());
        features(json, record.features());
        field(json, "outputs", record.outputs());
        if (!record.redacted().isEmpty()) {
            field(json, "redacted", record.redacted());
        }
    }

    private void times(JsonBytes json, Times stages) {
        time(json, "received_at", stages.receivedAt());
        time(json, "features_at", stages.featuresAt());
        time(json, "queued_at", stages.queuedAt());
        time(json, "predict_started_at", stages.predictStartedAt());
        time(json, "predict_ended_at", stages.predictEndedAt());
        time(json, "responded_at", stages.respondedAt());
    }

    private void features(JsonBytes json, List<Feature> features) {
        json.name("features");
        json.begin('[');
        for (Feature feature : features) {
            json.begin('{');
            text(json, "name", feature.name());
            field(json, "value", feature.value());
            text(json, "status", feature.status().name());
            number(json, "age_ms", feature.ageMs());
            json.end('}');
        }
        json.end(']');
    }

    private static void text(JsonBytes json, String name, @Nullable String text) {
        if (text != null) {
            json.name(name);
            json.string(text);
        }
    }

    private static void number(JsonBytes json, String name, @Nullable Number number) {
        if (number != null) {
            json.name(name);
            json.number(number.longValue());
        }
    }

    private void time(JsonBytes json, String name, @Nullable Instant time) {
        if (time != null) {
            json.name(name);
            json.string(times.of(time));
        }
    }

    private void field(JsonBytes json, String name, @Nullable Object value) {
        if (value != null) {
            json.name(name);
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
        text(json, "datatype", tensor.datatype().name());
        json.name("shape");
        json.begin('[');
        for (long dimension : tensor.shape().toArray()) {
            json.number(dimension);
        }
        json.end(']');
        var whole = tensor.whole();
        if (whole != null) {
            field(json, "data", TensorValues.of(whole));
        } else {
            number(json, "bytes", tensor.bytes());
            text(json, "sha256", tensor.sha256());
            field(json, "truncated", true);
        }
        json.end('}');
    }
}
