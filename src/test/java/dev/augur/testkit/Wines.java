package dev.augur.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The held-out wines: their features as in {@code conf/features/wine.csv}, what the model says of them, and pipelines
 * that look them up.
 */
public final class Wines {
    private static final Path FEATURES = Path.of("conf", "features", "wine.csv");
    private static final Path EXPECTED = Path.of("src", "test", "resources", "models", "wine", "expected.jsonl");

    private Wines() {}

    /** Features by name, by the item's number. */
    public static Map<Long, Map<String, Double>> rows() throws IOException {
        var lines = Files.readAllLines(FEATURES);
        var header = lines.get(0).split(",", -1);
        var rows = new LinkedHashMap<Long, Map<String, Double>>();
        for (String line : lines.subList(1, lines.size())) {
            var cells = line.split(",", -1);
            var row = new LinkedHashMap<String, Double>();
            for (int i = 1; i < header.length; i++) {
                row.put(header[i], Double.valueOf(cells[i]));
            }
            rows.put(Long.valueOf(cells[0]), row);
        }
        return rows;
    }

    /** The names of the features, in the order of the model's input. */
    public static List<String> features() throws IOException {
        return List.copyOf(rows().values().iterator().next().keySet());
    }

    /** The cultivar that the model sees, in the order of the rows. */
    public static List<Integer> cultivars() throws IOException {
        return Files.readAllLines(EXPECTED).stream()
                .map(line -> new JsonObject(line).getJsonObject("outputs").getInteger("label"))
                .toList();
    }

    /** A request for every wine. */
    public static String requestForAll() throws IOException {
        var items = new JsonArray();
        rows().keySet().forEach(id -> items.add(new JsonObject().put("item_id", id)));
        return new JsonObject().put("items", items).encode();
    }

    /** SQL that makes a table of these wines, with keys that are texts. */
    public static String sql(String table) throws IOException {
        var columns =
                features().stream().map(name -> name + " double precision").collect(Collectors.joining(", "));
        var values = new ArrayList<String>();
        rows().forEach((id, row) -> values.add("('" + id + "', "
                + row.values().stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")"));
        return "CREATE TABLE " + table + " (id text PRIMARY KEY, " + columns + "); INSERT INTO " + table + " VALUES "
                + String.join(", ", values);
    }

    /** Puts every wine into a hash {@code wine:<number>}. */
    public static void fill(RedisProcess redis, Vertx vertx) throws Exception {
        for (var wine : rows().entrySet()) {
            put(redis, vertx, wine.getKey(), wine.getValue());
        }
    }

    /** Puts one wine into a hash of that key. */
    public static void put(RedisProcess redis, Vertx vertx, Object key, Map<String, ?> row) throws Exception {
        var arguments = new ArrayList<Object>(List.of("wine:" + key));
        row.forEach((name, value) -> arguments.addAll(Arrays.asList(name, value)));
        redis.command(vertx, Command.HSET, arguments.toArray());
    }

    /**
     * A server with pipelines on the model of wines, each on a store of its own of the same name, and one named csv on
     * the file.
     *
     * @param stores the settings of each, as YAML on one line
     */
    public static TestServer serve(Map<String, String> stores, String... settings) throws Exception {
        var all = new LinkedHashMap<>(stores);
        all.put("csv", "{kind: csv, path: '" + FEATURES.toAbsolutePath() + "', key-column: item_id}");
        var yaml = new StringBuilder("feature-stores:\n");
        all.forEach((name, store) ->
                yaml.append("  ").append(name).append(": ").append(store).append('\n'));
        yaml.append("pipelines:\n");
        for (String name : all.keySet()) {
            yaml.append(
                    "  " + name + ": {store: " + name + ", model: wine, timeout: 20s, max-items: 10000, label: label, "
                            + "outputs: {prediction: label}, inputs: {features: " + features() + "}}\n");
        }
        var file = Files.writeString(Files.createTempDirectory("augur-wines").resolve("augur.yaml"), yaml);
        var flags = new ArrayList<>(List.of("config=" + file));
        flags.addAll(List.of(settings));
        return TestServer.start(flags.toArray(String[]::new));
    }
}
