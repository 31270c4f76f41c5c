package dev.augur.client;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text in the body of an error: {@code error} of the protocol, {@code detail} of other routes. Thread-safe. */
final class ErrorBody {
    private ErrorBody() {}

    /**
     * The text, as the event bus would tell it.
     *
     * @param otherwise what is told of a body that is none of the server's, as a proxy may send one
     */
    static String text(Buffer body, @Nullable String otherwise) {
        try {
            var json = new JsonObject(body);
            var told = json.containsKey("error") ? json.getValue("error") : json.getValue("detail");
            if (told instanceof JsonArray fields) {
                return fields.stream().map(ErrorBody::field).collect(Collectors.joining("; "));
            }
            if (told != null) {
                return told.toString();
            }
        } catch (DecodeException | ClassCastException notOurs) {
            // told below
        }
        return otherwise == null || otherwise.isEmpty() ? "an error without a text" : otherwise;
    }

    private static String field(Object field) {
        if (!(field instanceof JsonObject fault)) {
            return String.valueOf(field);
        }
        var place = fault.getJsonArray("loc", new JsonArray()).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "[", "]"));
        return place + ": " + fault.getString("msg");
    }
}
