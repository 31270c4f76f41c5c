package dev.augur.run;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests for what a node does not have, while those that have it are killed, stopped and restarted. Takes two
 * minutes: {@code mvn failsafe:integration-test -Dit.test=RoutingUnderLoad}, after a build.
 */
class RoutingUnderLoad {
    private static final String IRIS = "/v2/models/iris/infer";
    private static final String ROW =
            "\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final int CALLERS = 4;

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void nothingFailsWhileNodesDieStopAndRestart() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var log = cluster.start("log", "log");
                var front = cluster.start("front", "http");
                var first = cluster.start("first", "predict");
                var second = cluster.start("second", "predict")) {
            eventually(() -> front.post("/v2/repository/index", "{\"ready\":true}")
                            .get()
                            .body()
                            .split("node-", -1)
                            .length
                    > 6);
            try (var load = new Load(front)) {
                load.reaches(100);
                first.signal("KILL");
                first.exitCode();
                load.reaches(load.answered.get() + 200);
                try (var third = cluster.start("first", "predict")) {
                    eventually(() -> answeredBy(front) >= 2);
                    second.signal("TERM");
                    assertThat(second.exitCode()).isZero();
                    load.reaches(load.answered.get() + 100);
                    try (var fourth = cluster.start("second", "predict")) {
                        eventually(() -> answeredBy(front) >= 2);
                        third.signal("STOP");
                        load.reaches(load.answered.get() + 200);
                        third.signal("CONT");
                        load.reaches(load.answered.get() + 100);
                        assertThat(load.failures).isEmpty();
                        assertThat(fourth.alive()).isTrue();
                    }
                }
            }
            eventually(() -> front.meter("augur_routed_in_flight") == 0);
            assertThat(log.alive()).isTrue();
        }
    }

    /** How many nodes answer now. */
    private static long answeredBy(AugurProcess front) throws Exception {
        return new JsonObject(front.get("/cluster").body())
                .getJsonArray("nodes").stream()
                        .map(JsonObject.class::cast)
                        .filter(node -> node.getBoolean("answers"))
                        .filter(node -> node.getJsonArray("models").toString().contains("\"READY\""))
                        .count();
    }

    private HttpResponse<String> send(AugurProcess node, String id, String header, String value) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(node.url() + IRIS))
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"" + id + "\"," + ROW))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Callers that ask one after another until they are closed. */
    private final class Load implements AutoCloseable {
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final List<Thread> callers = new CopyOnWriteArrayList<>();

        private Load(AugurProcess node) {
            for (int i = 0; i < CALLERS; i++) {
                var caller = new Thread(() -> ask(node));
                callers.add(caller);
                caller.start();
            }
        }

        private void ask(AugurProcess node) {
            while (!over.get()) {
                try {
                    var answer = send(node, "r" + asked.incrementAndGet(), "X-Request-Timeout", "20s");
                    if (answer.statusCode() != 200) {
                        failures.add(answer.statusCode() + " " + answer.body());
                    }
                } catch (Exception e) {
                    failures.add(e.toString());
                }
                answered.incrementAndGet();
            }
        }

        private void reaches(int count) throws Exception {
            eventually(() -> answered.get() >= count);
        }

        @Override
        public void close() {
            over.set(true);
            for (Thread caller : callers) {
                try {
                    caller.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
