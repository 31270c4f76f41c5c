package dev.augur.testkit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

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

    /** All scalars of a value that may be nested, in order; numbers as doubles. */
    public static List<Object> flat(Object value) {
        if (value instanceof JsonArray array) {
            return array.stream().flatMap(element -> flat(element).stream()).toList();
        }
        return List.of(value instanceof Number number ? (Object) number.doubleValue() : value);
    }

    /** A model repository with every model there is: shipped, for tests, one per datatype, and broken ones. */
    public static Path repository() throws IOException {
        var all = Files.createTempDirectory("augur-models");
        for (Path source : List.of(Path.of("conf", "models"), Path.of("src", "test", "resources", "repository"))) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    var copy = all.resolve(source.relativize(file));
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        return all;
    }

    private static List<JsonObject> read(String model, String file) throws IOException {
        var stream = Rows.class.getResourceAsStream(
                "/models/" + (model.equals("wine_zipmap") ? "wine" : model) + "/" + file + ".jsonl");
        try (var in = new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(stream, model), StandardCharsets.UTF_8))) {
            return in.lines().map(JsonObject::new).toList();
        }
    }
}
