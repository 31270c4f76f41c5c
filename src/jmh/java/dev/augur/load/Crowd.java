package dev.augur.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Ten thousand requests at once to a pipeline whose store takes half a second. Used on one thread.
 */
final class Crowd {
    private static final int CLIENTS = 10_000;
    private static final int SECONDS = 20; // connecting alone takes some
    private static final int WARM_UP_CLIENTS = 64;
    private static final String WINE = "wine";
    private static final Path SHIPPED = Path.of("conf", "augur.yaml");

    private Crowd() {}

    /**
     * The flags of a server that has, beside those shipped, the pipeline {@code crowd}.
     */
    static List<String> flags(Path folder) throws IOException {
        var yaml = new YAMLMapper();
        var root = (ObjectNode) yaml.readTree(SHIPPED.toFile());
        var pipelines = (ObjectNode) root.get("pipelines");
        var wine = (ObjectNode) pipelines.get(WINE);
        pipelines.set("crowd", wine.deepCopy().put("store", "crowd").put("timeout", "10s"));
        var stores = (ObjectNode) root.get("feature-stores");
        for (var shipped : stores) { // whose files lie beside the shipped configuration, and not beside this one
            var path = SHIPPED.resolveSibling(shipped.get("path").asText()).toAbsolutePath();
            ((ObjectNode) shipped).put("path", path.toString());
        }
        var store = stores.putObject("crowd").put("kind", "timer");
        store.set("values", firstWine(store.objectNode()));
        store.putObject("lookup").put("timeout", "5s").put("in-flight", CLIENTS).put("cache-time", "0s");
        var file = folder.resolve("augur.yaml");
        yaml.writeValue(file.toFile(), root);
        return List.of(
                "--config", file.toString(),
                "--set", "http.max-connections=" + 2 * CLIENTS,
                "--set", "models.queue=" + CLIENTS,
                "--set", "prediction-log.max-pending=" + 2 * CLIENTS);
    }

    /** Starts a server, sends the crowd, and tells in a line what came of it. */
    static String run(Lineup lineup, Plan plan) throws IOException, InterruptedException {
        var bodies = Files.write(
                lineup.folder().resolve("crowd.jsonl"),
                IntStream.range(0, 2 * CLIENTS)
                        .mapToObj(i -> "{\"item_id\": " + i + "}")
                        .toList());
        try (var augur = lineup.start(Candidate.BEFORE, flags(lineup.folder()))) {
            var warmUp = new Wrk.Load(WARM_UP_CLIENTS, plan.time().warmUp());
            var warm = augur.load(Target.pipeline(), lineup.folder(), warmUp);
            var program = augur.program();
            String before = program.memory();
            var sample = Wrk.run(program, augur.url() + "/predict/crowd", bodies, new Wrk.Load(CLIENTS, SECONDS));
            return String.format(
                    Locale.ROOT,
                    "%n%,d connections on a store that takes 500 ms, each answer after its record: %,.0f/s, p50 %d ms, "
                            + "p99 %d ms, %.1f us CPU each; resident %s, before %s (after %,d warm-up requests).%n",
                    CLIENTS,
                    sample.perSecond(),
                    sample.seen().p50Micros() / 1_000,
                    sample.seen().p99Micros() / 1_000,
                    sample.cpuMicros(),
                    program.memory(),
                    before,
                    warm.requests());
        }
    }

    private static ObjectNode firstWine(ObjectNode values) throws IOException {
        var lines = Files.readAllLines(Path.of("conf", "features", "wine.csv"));
        var names = lines.get(0).split(",", -1);
        var cells = lines.get(1).split(",", -1);
        for (int i = 1; i < names.length; i++) {
            values.put(names[i], cells[i]);
        }
        return values;
    }
}
