package dev.augur.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.augur.error.ErrorCode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.protocol.RequestJson;
import dev.augur.request.InvalidJson;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"outcome": a value or an object, "observed_at"?: a time}}. What is wrong is reported in the terms of
 * FastAPI. Thread-safe.
 */
final class OutcomeReader {
    /** The largest body: that of the largest outcome, and room for the rest. */
    static final int MAX_BODY_BYTES = 8 << 10;

    private static final int MAX_OUTCOME_BYTES = 4 << 10;
    private static final String BODY = "body";
    private static final String OUTCOME = "outcome";
    private static final String OBSERVED_AT = "observed_at";

    private OutcomeReader() {}

    /** What turned out to be true, and when; the outcome is made of plain JSON values. */
    record Observation(Object outcome, @Nullable Instant observedAt) {}

    /**
     * Reads one body.
     *
     * @throws ServingException {@code INVALID_ARGUMENT}, or {@code TOO_LARGE} when the outcome is larger than 4 KiB
     */
    static Observation read(byte[] body) {
        try {
            var root = RequestJson.exactTree(body);
            if (!root.isObject()) {
                throw invalid(List.of(BODY), "Input should be a valid dictionary");
            }
            return new Observation(outcome(root.get(OUTCOME)), observedAt(root.get(OBSERVED_AT)));
        } catch (JsonProcessingException e) {
            throw InvalidJson.of(e);
        } catch (IOException e) {
            throw InvalidJson.at(0, "not valid UTF-8");
        }
    }

    private static Object outcome(@Nullable JsonNode outcome) throws IOException {
        if (outcome == null) {
            throw fault("missing", List.of(BODY, OUTCOME), "Field required");
        }
        if (outcome.isNull() || outcome.isArray()) {
            throw invalid(List.of(BODY, OUTCOME), "Input should be a text, a number, a boolean or an object");
        }
        if (!isFinite(outcome)) {
            throw invalid(List.of(BODY, OUTCOME), "Input should hold finite numbers");
        }
        if (RequestJson.bytes(outcome).length > MAX_OUTCOME_BYTES) {
            throw new ServingException(
                    ErrorCode.TOO_LARGE, "the outcome is larger than the " + MAX_OUTCOME_BYTES + " bytes it may have");
        }
        return RequestJson.plain(outcome);
    }

    private static boolean isFinite(JsonNode value) {
        for (JsonNode member : value) {
            if (!isFinite(member)) {
                return false;
            }
        }
        return !value.isDouble() || Double.isFinite(value.doubleValue());
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
        return fault("outcome_type", place, message);
    }

    private static ServingException fault(String type, List<Object> place, String message) {
        return ServingException.invalidFields(List.of(new FieldError(type, place, message, null)));
    }
}
