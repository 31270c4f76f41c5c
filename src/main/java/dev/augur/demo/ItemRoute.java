package dev.augur.demo;

import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.http.IncomingRequest;
import dev.augur.http.Route;
import dev.augur.request.Caller;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.LongFunction;

/**
 * {@code GET /items/{item_id}}: what a prediction for an item would be made from. The whole of a route of one's own.
 * Thread-safe.
 *
 * @param metadata fetches an item's metadata without blocking
 */
record ItemRoute(LongFunction<Future<String>> metadata) implements Route<Long, JsonObject> {
    private static final String ITEM_ID = "item_id";

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String path() {
        return "/items/:" + ITEM_ID;
    }

    @Override
    public JsonObject operation() {
        return TutorialOperations.item();
    }

    @Override
    public Long decode(IncomingRequest request) {
        String text = request.pathParameter(ITEM_ID);
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw ServingException.invalidFields(List.of(new FieldError(
                    "int_parsing",
                    List.of("path", ITEM_ID),
                    "Input should be a valid integer of at most 64 bits, unable to parse string as an integer",
                    text)));
        }
    }

    @Override
    public Future<JsonObject> answer(Long itemId, Caller caller) {
        return metadata.apply(itemId)
                .map(found -> new JsonObject().put(ITEM_ID, itemId).put("metadata", found));
    }

    @Override
    public Buffer encode(JsonObject item) {
        return item.toBuffer();
    }
}
