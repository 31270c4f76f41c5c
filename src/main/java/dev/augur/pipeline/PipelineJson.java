package dev.augur.pipeline;

import dev.augur.error.ServingException;
import dev.augur.feature.FeatureValue;
import dev.augur.request.HttpStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of pipelines: their descriptions and their answers. Thread-safe. */
public final class PipelineJson {
    private static final int ITEM_BYTES = 250;
    private static final int FEATURE_BYTES = 70;

    private PipelineJson() {}

    /** What a pipeline expects, yields and is made of, and whether it is ready. */
    public static JsonObject describe(Pipeline pipeline) {
        var config = pipeline.config();
        var reason = pipeline.notReady();
        var json = new JsonObject()
                .put("name", config.name())
                .put("ready", reason.isEmpty())
                .put("model", config.model())
                .put("feature_store", config.store())
                .put("timeout_ms", config.limits().timeout().toMillis())
                .put("max_items", config.limits().maxItems())
                .put(
                        "prediction_log",
                        config.delivery().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        reason.ifPresent(text -> json.put("reason", text));
        try {
            addModel(json, pipeline.describe());
        } catch (ServingException e) {
            json.put("reason", e.getMessage());
        }
        return json;
    }

    private static void addModel(JsonObject json, PipelineDescription description) {
        var features = new JsonArray();
        for (var feature : description.features()) {
            features.add(new JsonObject()
                    .put("name", feature.name())
                    .put("input", feature.input())
                    .put("datatype", feature.datatype().name()));
        }
        json.put("version", description.version())
                .put("features", features)
                .put("answer", new JsonArray(description.fields()));
        description
                .example()
                .ifPresent(key -> json.put(
                        "example",
                        new JsonObject()
                                .put("method", "POST")
                                .put("path", "/predict/" + description.config().name())
                                .put("body", new JsonObject().put("item_id", key))));
    }

    /**
     * One item's answer.
     *
     * @param explain whether to tell the features as well
     */
    static JsonObject answer(ItemAnswer answer, boolean explain) {
        var json = new JsonObject().put("item_id", answer.itemId());
        answer.fields().forEach(json::put);
        var metadata = new JsonObject().put("model", answer.model()).put("version", answer.version());
        if (explain) {
            var features = new JsonObject();
            answer.features().values().forEach((name, value) -> features.put(name, feature(value)));
            metadata.put("features", features);
        }
        json.put("metadata", metadata);
        if (answer.recordId() != null) {
            json.put("record_id", answer.recordId());
        }
        return json;
    }

    /** The answer with the id that the request gave itself in front, if it did. */
    static JsonObject named(@Nullable Object id, JsonObject answer) {
        return id == null ? answer : new JsonObject().put("id", id).mergeIn(answer);
    }

    /** About how much JSON these answers make. */
    static long bytes(List<Future<ItemAnswer>> answers, boolean explain) {
        long bytes = 0;
        for (var answer : answers) {
            bytes += ITEM_BYTES;
            if (explain && answer.succeeded()) {
                for (var feature : answer.result().features().values().values()) {
                    bytes += FEATURE_BYTES + (feature.value() instanceof String text ? text.length() : 0);
                }
            }
        }
        return bytes;
    }

    /** One item of several that has no answer. */
    static JsonObject fault(@Nullable Object itemId, Throwable failure) {
        boolean known = failure instanceof ServingException;
        var fault = known ? (ServingException) failure : HttpStatus.hidden();
        return new JsonObject()
                .put("item_id", itemId)
                .put(
                        "error",
                        HttpStatus.body(/* protocol= */ false, fault)
                                .put("code", fault.code().name())
                                .put("status", HttpStatus.of(/* protocol= */ false, fault)));
    }

    private static JsonObject feature(FeatureValue value) {
        var json = new JsonObject()
                .put("value", value.value())
                .put("status", value.status().name());
        var age = value.age();
        return age == null ? json : json.put("age_ms", age.toMillis());
    }
}
