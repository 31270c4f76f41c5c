package dev.augur.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What {@code /openapi.json} tells of the tutorial's routes, as Operation Objects of OpenAPI 3.1. Thread-safe. */
final class TutorialOperations {
    private static final Map<String, String> SUMMARIES = Map.of(
            "/predict_sync",
            "Fetch and prediction block the same thread, one request after another",
            "/predict_async_io",
            "Fetches overlap, predictions run one after another",
            "/predict_full_async",
            "Fetches overlap, and so do predictions, on 40 workers",
            RecordDraft.ENDPOINT,
            "The same; a record goes to the prediction log after the answer");
    private static final JsonObject INTEGER =
            new JsonObject().put("type", "integer").put("format", "int64");
    private static final JsonObject NUMBER = new JsonObject().put("type", "number");
    private static final JsonObject TEXT = new JsonObject().put("type", "string");
    private static final JsonObject TIMING =
            new JsonObject().put("Server-Timing", new JsonObject().put("$ref", "#/components/headers/ServerTiming"));
    private static final String ITEM_ID = "item_id";
    private static final int ITEM = 43;

    private TutorialOperations() {}

    /** One of the four. */
    static JsonObject predict(String path) {
        var request = json(
                object(new JsonObject().put(ITEM_ID, INTEGER).put("feature_value", NUMBER)),
                new JsonObject().put(ITEM_ID, ITEM).put("feature_value", 21.0));
        var answer =
                new JsonObject().put(ITEM_ID, INTEGER).put("metadata", TEXT).put("prediction", NUMBER);
        var example = new JsonObject()
                .put(ITEM_ID, ITEM)
                .put("metadata", "some_fetched_value" + (path.equals("/predict_sync") ? "" : "_async"))
                .put("prediction", 42.0);
        return operation(path.substring(1), SUMMARIES.getOrDefault(path, path))
                .put("requestBody", request.put("required", true))
                .put(
                        "responses",
                        ok(
                                "The item and its prediction.",
                                json(object(answer), example).put("headers", TIMING)));
    }

    /** {@code GET /items/{item_id}}. */
    static JsonObject item() {
        var parameter = new JsonObject()
                .put("name", ITEM_ID)
                .put("in", "path")
                .put("required", true)
                .put("schema", INTEGER)
                .put("example", ITEM);
        var answer = object(new JsonObject().put(ITEM_ID, INTEGER).put("metadata", TEXT));
        var example = new JsonObject().put(ITEM_ID, ITEM).put("metadata", "some_fetched_value_async");
        var invalid = new JsonObject().put("$ref", "#/components/responses/Error422");
        return operation("item", "The item's metadata, fetched without blocking")
                .put("parameters", new JsonArray().add(parameter))
                .put("responses", ok("The item.", json(answer, example)).put("422", invalid));
    }

    private static JsonObject operation(String id, String summary) {
        return new JsonObject()
                .put("operationId", id)
                .put("summary", summary)
                .put("tags", new JsonArray().add("Tutorial"));
    }

    /** An object with these properties, all of them required. */
    private static JsonObject object(JsonObject properties) {
        return new JsonObject()
                .put("type", "object")
                .put("required", new JsonArray(properties.fieldNames().stream().toList()))
                .put("properties", properties);
    }

    private static JsonObject json(JsonObject schema, JsonObject example) {
        return new JsonObject()
                .put(
                        "content",
                        new JsonObject()
                                .put(
                                        "application/json",
                                        new JsonObject().put("schema", schema).put("example", example)));
    }

    private static JsonObject ok(String description, JsonObject content) {
        return new JsonObject().put("200", content.put("description", description));
    }
}
