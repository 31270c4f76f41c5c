package dev.augur.load;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of the servers. Thread-safe.
 *
 * @param path of the route that is posted to
 * @param model the model that everybody can run; empty where only Augur is asked
 * @param bodies the requests, in turn; each one line of JSON
 */
record Target(String name, String path, Optional<String> model, List<String> bodies) {
    static final String WINE = "wine";
    static final String WINE_PIPELINE = "pipeline wine";
    static final String PICTURE = "picture";
    private static final Path WINES = Path.of("conf", "features", "wine.csv");
    private static final Path ROWS = Path.of("src", "test", "resources", "models");
    private static final int PICTURES = 20;

    Target {
        bodies = List.copyOf(bodies);
    }

    /** Every target there is. */
    static List<Target> all() throws IOException {
        var wine = inference(WINE, "features", 13);
        return List.of(
                inference("iris", "features", 4),
                inference("digits", "image", 1, 8, 8),
                picture(),
                new Target(wine.name(), wine.path(), Optional.empty(), wine.bodies()),
                pipeline());
    }

    /** Where the bodies are. */
    Path file(Path folder) {
        return folder.resolve(name.replace(' ', '-') + ".jsonl");
    }

    /** Each wine of the shipped file by its number: the same rows as the model's, for a pipeline that looks them up. */
    static Target pipeline() throws IOException {
        var bodies = Files.readAllLines(WINES).stream()
                .skip(1)
                .map(line -> "{\"item_id\": " + line.substring(0, line.indexOf(',')) + "}")
                .toList();
        return new Target(WINE_PIPELINE, "/predict/wine", Optional.empty(), bodies);
    }

    /** Each held-out row of a model as a request of its own (Open Inference Protocol, JSON). */
    private static Target inference(String model, String input, int... row) throws IOException {
        var bodies = Files.readAllLines(ROWS.resolve(model).resolve("holdout.jsonl")).stream()
                .map(line -> new JsonObject(line).getJsonObject("inputs").getJsonArray(input))
                .map(elements -> body(input, flat(elements), row))
                .toList();
        return new Target(model, "/v2/models/" + model + "/infer", Optional.of(model), bodies);
    }

    private static Target picture() {
        var bodies = PictureModel.rows(PICTURES).stream()
                .map(row -> body(PictureModel.INPUT, new JsonArray(row), 1, PictureModel.SIDE, PictureModel.SIDE))
                .toList();
        return new Target(PICTURE, "/v2/models/picture/infer", Optional.of(PICTURE), bodies);
    }

    private static JsonArray flat(JsonArray elements) {
        var flat = new JsonArray();
        for (Object element : elements) {
            if (element instanceof JsonArray inner) {
                flat.addAll(flat(inner));
            } else {
                flat.add(element);
            }
        }
        return flat;
    }

    private static String body(String input, JsonArray data, int... row) {
        var shape = new JsonArray().add(1);
        for (int dimension : row) {
            shape.add(dimension);
        }
        var tensor = new JsonObject()
                .put("name", input)
                .put("shape", shape)
                .put("datatype", "FP32")
                .put("data", data);
        return new JsonObject().put("inputs", new JsonArray().add(tensor)).encode();
    }
}
