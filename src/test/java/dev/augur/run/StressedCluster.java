package dev.augur.run;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.client.AugurClient;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterLoad;
import dev.augur.testkit.ClusterNodes;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Four nodes, each a process, and this JVM as a fifth member: {@code first} and {@code second} predict, {@code log} and
 * {@code second} have a log, {@code first} and {@code front} take HTTP. Used by one thread, but for {@link #load}.
 */
final class StressedCluster implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final long HEALED_SECONDS = 10;
    private static final Map<String, String> ROLES = new LinkedHashMap<>();

    static {
        ROLES.put("log", "log");
        ROLES.put("first", "http,predict");
        ROLES.put("second", "predict,log");
        ROLES.put("front", "http");
    }

    private final ClusterNodes cluster;
    private final Map<String, AugurProcess> nodes = new ConcurrentHashMap<>();
    private final Vertx vertx;
    private final AugurClient client;

    StressedCluster(Path directory) throws Exception {
        this.cluster = new ClusterNodes(directory).with("-Xmx" + Form.of(512, 1024) + "m");
        try {
            whole();
            this.vertx = cluster.join();
        } catch (Exception | AssertionError e) {
            nodes.values().forEach(AugurProcess::close);
            throw e;
        }
        this.client = AugurClient.overEventBus(vertx); // which hears the nodes from now on
    }

    /** Its nodes, in the order in which they are started. */
    static List<String> names() {
        return List.copyOf(ROLES.keySet());
    }

    AugurProcess node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    AugurProcess front() {
        return node("front");
    }

    Vertx vertx() {
        return vertx;
    }

    ClusterNodes nodes() {
        return cluster;
    }

    /** Starts what is missing, and waits until each node that takes HTTP hears all of them, with their models. */
    void whole() throws Exception {
        for (String name : names()) {
            var before = nodes.get(name);
            if (before == null || !before.alive()) {
                nodes.put(name, launch(name));
                if (name.equals("log") && before == null) {
                    node(name).says(": ready in "); // the others find it
                }
            }
        }
        for (AugurProcess node : nodes.values()) {
            node.says(": ready in ");
        }
        for (String name : List.of("first", "front")) {
            sees(name, () -> heard(node(name), "").equals(named(names())));
            sees(name, () -> heard(node(name), "READY").containsAll(named(List.of("first", "second"))));
        }
    }

    private void sees(String name, TestServer.Check check) throws Exception {
        try {
            within(LIMIT_SECONDS, check);
        } catch (AssertionError late) {
            throw new AssertionError(
                    name + " sees " + node(name).get("/cluster").body() + said(), late);
        }
    }

    /** What each node has written. */
    String said() {
        var said = new StringBuilder();
        nodes.forEach((name, node) -> said.append("\n" + name + ": " + node.out() + node.err()));
        return said.toString();
    }

    private AugurProcess launch(String name) throws Exception {
        return cluster.launch(
                name,
                String.valueOf(ROLES.get(name)),
                "pipelines.wine.prediction-log=before-answer",
                "models.max-rows=4000000");
    }

    /** Callers over HTTP and over the event bus. */
    ClusterLoad load() {
        return ClusterLoad.start(
                () -> Stream.of("first", "front")
                        .map(nodes::get)
                        .filter(Objects::nonNull)
                        .filter(AugurProcess::alive)
                        .toList(),
                vertx,
                client);
    }

    /** Stops it in order and starts it anew. */
    void restart(String name) throws Exception {
        node(name).signal("TERM");
        assertThat(node(name).exitCode()).as(name).isZero();
        whole();
    }

    /** Whether the front has heard that node lately. */
    boolean answers(String name) throws Exception {
        return heard(front(), "").containsAll(named(List.of(name)));
    }

    /** Waits until the front hears so many nodes. */
    void hears(int count) throws Exception {
        within(LIMIT_SECONDS, () -> heard(front(), "").size() == count);
    }

    private static Set<String> heard(AugurProcess asked, String modelState) throws Exception {
        return new JsonObject(asked.get("/cluster").body())
                .getJsonArray("nodes").stream()
                        .map(JsonObject.class::cast)
                        .filter(node -> node.getBoolean("answers"))
                        .filter(node -> node.getJsonArray("models").toString().contains(modelState))
                        .map(node -> node.getString("node"))
                        .collect(Collectors.toSet());
    }

    private Set<String> named(List<String> names) throws Exception {
        var known = ConcurrentHashMap.<String>newKeySet();
        for (String name : names) {
            known.add(Files.readString(cluster.data(name).resolve("node")).trim());
        }
        return known;
    }

    /** Each of these records is found, and none of all is found twice. */
    void storedOnce(List<String> answered) throws Exception {
        for (String name : List.of("first", "second")) {
            within(LIMIT_SECONDS, () -> node(name).meter("augur_prediction_log_pending") == 0);
        }
        try {
            within(HEALED_SECONDS, () -> FoundRecords.all(front()).missing() == 0);
        } catch (AssertionError late) {
            throw new AssertionError(said(), late);
        }
        var stored = FoundRecords.all(front());
        assertThat(stored.ids()).doesNotHaveDuplicates().containsAll(answered);
    }

    @Override
    public void close() {
        nodes.values().forEach(AugurProcess::close);
        try {
            TestServer.await(client.close());
            TestServer.await(vertx.close());
        } catch (Exception e) {
            throw new AssertionError("the member of this process did not leave", e);
        }
    }
}
