package dev.augur.consumer;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.reading.Sequel;
import dev.augur.request.Headers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber of the prediction log asks for. Immutable, thread-safe.
 *
 * @param from behind which line
 * @param limit at most so many records
 * @param patience how long to wait, if there is nothing new
 */
record SequelRequest(Cursor from, int limit, Duration patience) {
    static final int MAX_RECORDS = 1_000;
    static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final int USUAL_RECORDS = 500;
    private static final Set<String> FIELDS = Set.of("writer", "seq", "place", "limit", "wait");
    private static final Pattern WRITER = Pattern.compile("writer-[0-9A-Za-z-]{1,64}");

    /**
     * Reads a body.
     *
     * @param own the writer that is meant if none is named
     * @throws ServingException {@code INVALID_ARGUMENT} naming the field
     */
    static SequelRequest of(@Nullable Object body, String own) {
        if (!(body instanceof JsonObject json)) {
            throw invalid("expected a JsonObject such as {\"writer\": \"" + own + "\", \"seq\": 0}");
        }
        for (String field : json.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw invalid("\"" + field + "\" is not known here, expected some of "
                        + FIELDS.stream().sorted().toList());
            }
        }
        String writer = text(json, "writer", own);
        if (!WRITER.matcher(writer).matches()) {
            throw invalid("\"writer\" must be the writer_id of a record, found \"" + writer + "\"");
        }
        var from = Sequel.place(writer, number(json, "seq", 0, Long.MAX_VALUE, 0), text(json, "place", ""))
                .orElseThrow(() -> invalid("\"place\" must be that of an answer"));
        int limit = (int) number(json, "limit", 1, MAX_RECORDS, USUAL_RECORDS);
        var wait = Headers.time("wait", text(json, "wait", "0ms"));
        if (wait.compareTo(MAX_WAIT) > 0) {
            throw invalid("\"wait\" must be " + MAX_WAIT.toSeconds() + "s or less");
        }
        return new SequelRequest(from, limit, wait);
    }

    private static String text(JsonObject json, String field, String otherwise) {
        Object value = json.getValue(field, otherwise);
        if (!(value instanceof String text)) {
            throw invalid("\"" + field + "\" must be a text");
        }
        return text;
    }

    private static long number(JsonObject json, String field, long least, long most, long otherwise) {
        Object value = json.getValue(field, otherwise);
        boolean whole = value instanceof Long || value instanceof Integer;
        long number = whole ? ((Number) value).longValue() : -1;
        if (!whole || number < least || number > most) {
            throw invalid("\"" + field + "\" must be an integer from " + least + " to " + most);
        }
        return number;
    }

    private static ServingException invalid(String message) {
        return new ServingException(ErrorCode.INVALID_ARGUMENT, message);
    }
}
