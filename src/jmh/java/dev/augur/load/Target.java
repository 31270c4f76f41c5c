package dev.augur.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the server. Thread-safe.
 *
 * @param path of the route that is posted to
 * @param model the shipped model that ONNX Runtime alone is measured on; empty where there is nothing to compare with
 * @param bodies the requests, in turn; each one line of JSON
 */
record Target(String name, String path, Optional<String> model, List<String> bodies) {
    private static final Path WINES = Path.of("conf", "features", "wine.csv");
    private static final Path ROWS = Path.of("src", "test", "resources", "models");

    Target {
        bodies = List.copyOf(bodies);
    }

    /** Every target there is. */
    static List<Target> all() throws IOException {
        return List.of(
                inference("iris", "features", 4),
                inference("diabetes", "features", 10),
                inference("digits", "image", 1, 8, 8));
    }

    /**
     * The same wines by the model and by pipelines, which differ in when the answer may leave, seen from its record.
     */
    static List<Target> pipelines() throws IOException {
        var model = inference("wine", "features", 13);
        return List.of(
                new Target(model.name(), model.path(), Optional.empty(), model.bodies()),
                pipeline("wine"),
                pipeline("wine_after"),
                pipeline("wine_off"));
    }

    /** Each wine of the shipped file by its number. */
    private static Target pipeline(String name) throws IOException {
        var bodies = Files.readAllLines(WINES).stream()
                .skip(1)
                .map(line -> "{\"item_id\": " + line.substring(0, line.indexOf(',')) + "}")
                .toList();
        return new Target("pipeline " + name, "/predict/" + name, Optional.empty(), bodies);
    }

    /** Each held-out row of a model as a request of its own (Open Inference Protocol, JSON). */
    private static Target inference(String model, String input, int... row) throws IOException {
        var bodies = Files.readAllLines(ROWS.resolve(model).resolve("holdout.jsonl")).stream()
                .map(line -> new JsonObject(line).getJsonObject("inputs").getJsonArray(input))
                .map(elements -> body(input, row, elements).encode())
                .toList();
        return new Target(model, "/v2/models/" + model + "/infer", Optional.of(model), bodies);
    }

    private static JsonObject body(String input, int[] row, JsonArray elements) {
        var shape = new JsonArray().add(1);
        for (int dimension : row) {
            shape.add(dimension);
        }
        var tensor = new JsonObject()
                .put("name", input)
                .put("shape", shape)
                .put("datatype", "FP32")
                .put("data", new JsonArray().add(elements));
        return new JsonObject().put("inputs", new JsonArray().add(tensor));
    }
}
