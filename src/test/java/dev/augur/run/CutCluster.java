package dev.augur.run;

import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.CutNetwork;
import dev.augur.testkit.CutNetwork.Host;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A node that has neither models nor a log and a program that listens, on one host, and on the other host a node that
 * has both; and what must be true of them while the hosts are cut off and afterwards. Used by one thread.
 */
final class CutCluster implements AutoCloseable {
    private static final int HEALING_SECONDS = 10;
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    private final Path directory;
    private final CutNetwork network;
    private final AugurProcess store;
    private final AugurProcess front;
    private final AugurProcess listener;
    private int asked;

    CutCluster(Path directory) throws Exception {
        this.directory = directory;
        this.network = CutNetwork.make();
        this.store = node(Host.FAR, "http,predict,log");
        this.front = node(Host.NEAR, "http");
        this.listener = AugurProcess.launch(
                Map.of(),
                network.at(
                        Host.NEAR,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BusListener.class.getName(),
                        Host.NEAR.address(),
                        Host.FAR.address()));
        try {
            for (AugurProcess node : List.of(store, front)) {
                node.says(": ready in ");
            }
            listener.says("listens");
        } catch (Exception | AssertionError late) {
            close();
            throw late;
        }
    }

    private AugurProcess node(Host host, String roles) throws Exception {
        var variables = Map.of(
                "AUGUR_DATA_DIRECTORY",
                Files.createDirectories(directory.resolve(host.name())).toString(),
                "AUGUR_CLUSTER_HOST",
                host.address(),
                "AUGUR_CLUSTER_MEMBERS",
                Host.NEAR.address() + "," + Host.FAR.address(),
                "JAVA_OPTS",
                "-XX:TieredStopAtLevel=1 -Xmx256m");
        return AugurProcess.launch(variables, network.at(host, "./run.sh", "--cluster", "--roles", roles));
    }

    /** Both hosts answer with what they have while they are cut off, and know each other again soon afterwards. */
    void holds(Duration cut) throws Exception {
        within(60, () -> status(Host.NEAR, "before") == 200);
        within(60, () -> hears(predict(Host.NEAR)) && answersOverTheBus());

        network.cut();
        long end = System.nanoTime() + cut.toNanos();
        within(10, () -> status(Host.NEAR, "") != 200);
        var lost = new ArrayList<String>();
        while (System.nanoTime() < end || lost.isEmpty()) {
            lost.add("lost-" + lost.size());
            assertThat(status(Host.NEAR, lost.get(lost.size() - 1))).isIn(503, 504);
            assertThat(status(Host.FAR, "")).isEqualTo(200);
        }

        network.heal();
        long healed = System.nanoTime();
        within(HEALING_SECONDS, () -> status(Host.NEAR, "") == 200);
        within(HEALING_SECONDS, () -> whole(Host.NEAR) && whole(Host.FAR));
        within(HEALING_SECONDS, () -> hears(predict(Host.NEAR)) && answersOverTheBus());
        long millis = Duration.ofNanos(System.nanoTime() - healed).toMillis();
        System.out.printf("cut for %d s; whole again %d ms after it was healed%n", cut.toSeconds(), millis);
        assertThat(millis).isLessThanOrEqualTo(HEALING_SECONDS * 1_000L);
        everythingOnce(lost);
    }

    private void everythingOnce(List<String> lost) throws Exception {
        within(20, () -> requestIds().containsAll(lost));
        var later = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            later.add("record " + predict(Host.NEAR));
        }
        assertThat(curl(Host.FAR, "/v2/repository/models/iris/unload", "{}")).endsWith("200");
        within(20, () -> listener.out().containsAll(later) && listener.out().contains("event model_unloaded"));
        assertThat(listener.out().stream().filter(line -> line.startsWith("record ")))
                .as("what is heard on the bus")
                .doesNotHaveDuplicates();
        assertThat(listener.out().stream().filter("event model_unloaded"::equals))
                .hasSize(1);
        assertThat(requestIds().stream().filter(lost::contains))
                .as("stored records of the answers that the node without a log gave while it was cut off")
                .containsExactlyInAnyOrderElementsOf(lost);
        assertThat(records().stream().map(record -> record.getString("record_id")))
                .doesNotHaveDuplicates();
    }

    /** Whether the listener hears a record at once. */
    private boolean hears(String record) throws Exception {
        return !record.isEmpty() && soon(() -> listener.out().contains("record " + record));
    }

    private boolean answersOverTheBus() throws Exception {
        int before = answers();
        listener.tell("ask");
        return soon(() -> answers() > before)
                && listener.out().stream()
                        .filter(line -> line.contains("answer"))
                        .toList()
                        .get(answers() - 1)
                        .equals("answer 200");
    }

    private static boolean soon(TestServer.Check check) throws Exception {
        try {
            within(1, check);
            return true;
        } catch (AssertionError late) {
            return false;
        }
    }

    private int answers() {
        return (int)
                listener.out().stream().filter(line -> line.contains("answer")).count();
    }

    private List<JsonObject> records() throws Exception {
        return TestServer.records(directory.resolve(Host.FAR.name()).resolve("predictions"));
    }

    /** Without those of requests that lay on the cable and had been taken back when they came. */
    private Stream<JsonObject> answered() throws Exception {
        return records().stream().filter(record -> !"CANCELLED".equals(record.getString("status")));
    }

    private List<String> requestIds() throws Exception {
        return answered()
                .map(record -> record.getString("client_request_id", ""))
                .toList();
    }

    private boolean whole(Host host) throws Exception {
        return curl(host, "/cluster", "").split("\"answers\":true", -1).length == 3;
    }

    /** The id of the record of a prediction; empty if there was none. */
    private String predict(Host host) throws Exception {
        String answer = curl(host, "/predict/wine", "{\"item_id\":43}");
        return answer.endsWith("200")
                ? new JsonObject(answer.substring(0, answer.length() - 3)).getString("record_id")
                : "";
    }

    private int status(Host host, String requestId) throws Exception {
        String id = requestId.isEmpty() ? "r" + asked++ : requestId;
        String answer = curl(host, "/v2/models/iris/infer", ROW, "X-Request-Id: " + id, "X-Request-Timeout: 1s");
        return Integer.parseInt(answer.substring(answer.length() - 3));
    }

    /** The body of the answer and its status; 000 where there is none. */
    private String curl(Host host, String path, String body, String... headers) throws Exception {
        var command = new ArrayList<>(
                List.of("curl", "-sS", "-m", "10", "-w", "%{http_code}", "-H", "Content-Type: application/json"));
        for (String header : headers) {
            command.addAll(List.of("-H", header));
        }
        if (!body.isEmpty()) {
            command.addAll(List.of("-d", body));
        }
        command.add("http://127.0.0.1:8000" + path);
        var process = new ProcessBuilder(network.at(host, command.toArray(String[]::new)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (AugurProcess process : List.of(listener, front, store)) {
            process.close();
        }
        network.close();
    }
}
