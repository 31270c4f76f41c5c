package dev.augur.predictionlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.augur.predictionlog.PredictionRecord.Feature;
import dev.augur.predictionlog.PredictionRecord.Times;
import dev.augur.tensor.TensorValues;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How records stand in a line of the ledger: one flat JSON object each, in snake case, without the fields that are absent, times in ISO 8601
 * with six decimals. Written by hand since it is written for every prediction: it takes a third of the time that a mapper takes.
 * Thread-safe.
 */
final class RecordJson {
    private static final int USUAL_BYTES = 2_048;

    private final JsonFactory factory = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();
    private final TimeText times = new TimeText();

    /** The record as UTF-8 JSON without a line break. */
    byte[] encode(LogRecord record) throws UnwritableRecordException {
        if (record instanceof EncodedRecord encoded) {
            return whole(encoded);
        }
        var bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (var json = factory.createGenerator(bytes)) {
            json.writeStartObject();
            if (record instanceof OutcomeRecord outcome) {
                outcome(json, outcome);
            } else {
                prediction(json, (PredictionRecord) record);
            }
            json.writeEndObject();
        } catch (IOException | RuntimeException e) {
            throw new UnwritableRecordException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] whole(EncodedRecord record) throws UnwritableRecordException {
        if (record.json().length() == 0) {
            throw new UnwritableRecordException("its node could not write it");
        }
        return record.json().getBytes();
    }

    private void outcome(JsonGenerator json, OutcomeRecord record) throws IOException {
        json.writeNumberField("schema_version", record.schemaVersion());
        json.writeStringField("type", record.type());
        json.writeStringField("record_id", record.recordId());
        json.writeStringField("prediction_id", record.predictionId());
        json.writeStringField("node", record.node());
        field(json, "received_at", record.receivedAt());
        field(json, "observed_at", record.observedAt());
        field(json, "outcome", record.outcome());
    }

    private void prediction(JsonGenerator json, PredictionRecord record) throws IOException {
        json.writeNumberField("schema_version", record.schemaVersion());
        json.writeStringField("record_id", record.recordId());
        field(json, "client_request_id", record.clientRequestId());
        field(json, "item_id", record.itemId());
        json.writeStringField("endpoint", record.endpoint());
        json.writeStringField("node", record.node());
        json.writeStringField("model", record.model());
        field(json, "model_version", record.modelVersion());
        json.writeStringField("status", record.status().name());
        field(json, "http_status", record.httpStatus());
        field(json, "error_code", record.errorCode());
        field(json, "error", record.error());
        times(json, record.times());
        field(json, "batch_rows", record.batchRows());
        field(json, "inputs", record.inputs());
        features(json, record.features());
        field(json, "outputs", record.outputs());
        if (!record.redacted().isEmpty()) {
            field(json, "redacted", record.redacted());
        }
    }

    private void times(JsonGenerator json, Times stages) throws IOException {
        field(json, "received_at", stages.receivedAt());
        field(json, "features_at", stages.featuresAt());
        field(json, "queued_at", stages.queuedAt());
        field(json, "predict_started_at", stages.predictStartedAt());
        field(json, "predict_ended_at", stages.predictEndedAt());
        field(json, "responded_at", stages.respondedAt());
    }

    private void features(JsonGenerator json, List<Feature> features) throws IOException {
        json.writeArrayFieldStart("features");
        for (Feature feature : features) {
            json.writeStartObject();
            json.writeStringField("name", feature.name());
            field(json, "value", feature.value());
            json.writeStringField("status", feature.status().name());
            field(json, "age_ms", feature.ageMs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void field(JsonGenerator json, String name, @Nullable Object value) throws IOException {
        if (value != null) {
            json.writeFieldName(name);
            value(json, value);
        }
    }

    private void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Number number) {
            number(json, number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Instant time) {
            json.writeString(times.of(time));
        } else if (value instanceof List<?> list) {
            array(json, list);
        } else if (value instanceof Map<?, ?> map) {
            object(json, map);
        } else if (value instanceof RecordedTensor tensor) {
            tensor(json, tensor);
        } else if (value == null) {
            json.writeNull();
        } else {
            throw new IllegalArgumentException("no JSON for " + value.getClass().getName());
        }
    }

    private static void number(JsonGenerator json, Number number) throws IOException {
        if (number instanceof Double real) {
            json.writeNumber(real);
        } else if (number instanceof Float real) {
            json.writeNumber(real);
        } else if (number instanceof BigInteger large) {
            json.writeNumber(large);
        } else if (number instanceof BigDecimal exact) {
            json.writeNumber(exact);
        } else {
            json.writeNumber(number.longValue());
        }
    }

    private void array(JsonGenerator json, List<?> list) throws IOException {
        json.writeStartArray();
        for (Object element : list) {
            value(json, element);
        }
        json.writeEndArray();
    }

    private void object(JsonGenerator json, Map<?, ?> map) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.writeFieldName(String.valueOf(entry.getKey()));
            value(json, entry.getValue());
        }
        json.writeEndObject();
    }

    private void tensor(JsonGenerator json, RecordedTensor tensor) throws IOException {
        json.writeStartObject();
        json.writeStringField("datatype", tensor.datatype().name());
        json.writeFieldName("shape");
        long[] shape = tensor.shape().toArray();
        json.writeArray(shape, 0, shape.length);
        var whole = tensor.whole();
        if (whole != null) {
            field(json, "data", TensorValues.of(whole));
        } else {
            json.writeNumberField("bytes", tensor.bytes());
            field(json, "sha256", tensor.sha256());
            json.writeBooleanField("truncated", true);
        }
        json.writeEndObject();
    }
}
