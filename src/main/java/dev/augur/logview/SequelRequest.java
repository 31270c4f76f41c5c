package dev.augur.logview;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.predictionlog.ledger.Cursor;
import dev.augur.predictionlog.reading.Sequel;
import dev.augur.request.Headers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber of the prediction log asks for. Immutable, thread-safe.
 *
 * @param from behind which line
 * @param limit at most so many records
 * @param patience how long to wait, if there is nothing new
 */
public record SequelRequest(Cursor from, int limit, Duration patience) {
    /** The fields there are. */
    public static final List<String> FIELDS = List.of("writer", "seq", "place", "limit", "wait");

    private static final int MAX_RECORDS = 1_000;
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);
    private static final int USUAL_RECORDS = 500;
    private static final Pattern WRITER = Pattern.compile("writer-[0-9A-Za-z-]{1,64}");

    /**
     * Reads a body.
     *
     * @param own the writer that is meant if none is named
     * @throws ServingException {@code INVALID_ARGUMENT} naming the field
     */
    public static SequelRequest of(@Nullable Object body, String own) {
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

    /** The same, which does not wait for longer than that. */
    public SequelRequest within(Duration most) {
        return patience.compareTo(most) <= 0 ? this : new SequelRequest(from, limit, most);
    }

    /** As it is asked. */
    public JsonObject json() {
        var sequel = new Sequel(List.of(), from);
        return sequel.position().put("limit", limit).put("wait", patience.toMillis() + "ms");
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
