package dev.augur.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.augur.error.ErrorCode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.protocol.JsonFault;
import dev.augur.serving.InvalidJson;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code {"outcome": a value or an object, "observed_at"?: a time}}. What is wrong is reported in the terms of FastAPI. Thread-safe. */
final class OutcomeReader {
    /** The largest body: that of the largest outcome, and room for the rest. */
    static final int MAX_BODY_BYTES = 8 << 10;

    private static final int MAX_OUTCOME_BYTES = 4 << 10;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // a number is kept with the digits it came with
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final String BODY = "body";
    private static final String OUTCOME = "outcome";
    private static final String OBSERVED_AT = "observed_at";

    private OutcomeReader() {}

    /** What was told; the outcome is made of plain JSON values. */
    record Told(Object outcome, @Nullable Instant observedAt) {}

    /**
     * Reads one body.
     *
     * @throws ServingException {@code INVALID_ARGUMENT}, or {@code TOO_LARGE} when the outcome is larger than 4 KiB
     */
    static Told read(byte[] body) {
        try {
            var root = JSON.readTree(body);
            if (!root.isObject()) {
                throw invalid(List.of(BODY), "Input should be a valid dictionary");
            }
            return new Told(outcome(root.get(OUTCOME)), observedAt(root.get(OBSERVED_AT)));
        } catch (JsonProcessingException e) {
            var location = e.getLocation();
            throw InvalidJson.at(location == null ? 0 : location.getByteOffset(), JsonFault.text(e));
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }

    private static Object outcome(@Nullable JsonNode outcome) throws IOException {
        if (outcome == null) {
            throw invalid(List.of(BODY, OUTCOME), "Field required");
        }
        if (outcome.isNull() || outcome.isArray()) {
            throw invalid(List.of(BODY, OUTCOME), "Input should be a text, a number, a boolean or an object");
        }
        if (JSON.writeValueAsBytes(outcome).length > MAX_OUTCOME_BYTES) {
            throw new ServingException(
                    ErrorCode.TOO_LARGE, "the outcome is larger than the " + MAX_OUTCOME_BYTES + " bytes it may have");
        }
        return JSON.treeToValue(outcome, Object.class);
    }

    private static @Nullable Instant observedAt(@Nullable JsonNode time) {
        if (time == null || time.isNull()) {
            return null;
        }
        if (!time.isTextual()) {
            throw invalid(List.of(BODY, OBSERVED_AT), "Input should be a time such as 2026-01-31T12:00:00Z");
        }
        return PredictionQuery.time(OBSERVED_AT, time.textValue());
    }

    private static ServingException invalid(List<Object> place, String message) {
        var type = message.equals("Field required") ? "missing" : "outcome_type";
        return ServingException.invalidFields(List.of(new FieldError(type, place, message, null)));
    }
}
