package dev.augur.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The held-out rows of the shipped models, and what the library that trained them answers. */
public final class Rows {
    private Rows() {}

    /** Member {@code inputs} of every held-out row. */
    public static List<JsonObject> inputs(String model) throws IOException {
        return read(model, "holdout").stream()
                .map(row -> row.getJsonObject("inputs"))
                .toList();
    }

    /** Member {@code outputs} of every expected row, in the same order. */
    public static List<JsonObject> expected(String model) throws IOException {
        return read(model, "expected").stream()
                .map(row -> row.getJsonObject("outputs"))
                .toList();
    }

    /** All numbers of a value that may be nested, in order. */
    public static List<Double> flat(Object value) {
        if (value instanceof JsonArray array) {
            return array.stream().flatMap(element -> flat(element).stream()).toList();
        }
        return List.of(((Number) value).doubleValue());
    }

    private static List<JsonObject> read(String model, String file) throws IOException {
        var stream = Rows.class.getResourceAsStream("/models/" + model + "/" + file + ".jsonl");
        try (var in = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(stream, model), StandardCharsets.UTF_8))) {
            return in.lines().map(JsonObject::new).toList();
        }
    }
}
