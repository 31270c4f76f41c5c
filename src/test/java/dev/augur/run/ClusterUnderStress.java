package dev.augur.run;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ClusterNodes;
import dev.augur.testkit.CutNetwork;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a cluster has to withstand; takes minutes. {@code mvn failsafe:integration-test -Dit.test=ClusterUnderStress},
 * after a build.
 */
class ClusterUnderStress {
    private static final String IRIS = "/v2/models/iris/infer";
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final int SMALL_ONES = 200;
    private static final int ROWS = 4_000_000; // with 16 bytes of each 64 MB

    @TempDir
    Path directory;

    private static int infer(AugurProcess node) throws Exception {
        return node.post(IRIS, ROW).get().statusCode();
    }

    @Test
    void tenNodesComeAndGo() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var worker = cluster.start("worker", "predict,log");
                var front = cluster.start("front", "http")) {
            eventually(() -> infer(front) == 200);
            var answers = new ArrayList<Integer>();
            for (int i = 0; i < 10; i++) {
                try (var guest = cluster.start("guest", "predict")) {
                    within(30, () -> front.get("/cluster").body().split("\"answers\":true", -1).length == 4);
                    for (int j = 0; j < 20; j++) {
                        answers.add(infer(front));
                    }
                    guest.signal("TERM");
                    while (guest.alive()) {
                        answers.add(infer(front));
                    }
                    assertThat(guest.exitCode()).isZero();
                }
            }
            assertThat(answers).hasSizeGreaterThan(200).containsOnly(200);
            eventually(() -> front.get("/cluster").body().split("\"node\":\"", -1).length == 4);
            assertThat(worker.alive()).isTrue();
        }
    }

    @Test
    void tenNodesWithSmallHeapsStartRouteAndStop() throws Exception {
        var cluster = new ClusterNodes(directory).with("-Xmx80m -Xms16m");
        var nodes = new ArrayList<AugurProcess>();
        try {
            nodes.add(cluster.start("worker", "predict,log", "cluster.port-count=12"));
            for (int i = 1; i < 10; i++) {
                nodes.add(cluster.start("front" + i, "http", "cluster.port-count=12"));
            }
            for (var node : nodes.subList(1, 10)) {
                within(60, () -> infer(node) == 200);
                within(60, () -> node.get("/cluster").body().split("\"answers\":true", -1).length == 11);
            }
            for (var node : nodes.subList(1, 10)) {
                node.signal("TERM");
            }
            for (var node : nodes.subList(1, 10)) {
                assertThat(node.exitCode()).isZero();
            }
            nodes.get(0).signal("TERM");
            assertThat(nodes.get(0).exitCode()).isZero();
        } finally {
            nodes.forEach(AugurProcess::close);
        }
    }

    @Test
    void aNetworkIsCutForAMinute() throws Exception {
        String reason = CutNetwork.whyNot();
        assumeTrue(reason == null, reason);
        try (var cluster = new CutCluster(directory)) {
            cluster.holds(Duration.ofSeconds(60));
        }
    }

    @Test
    void aConsumerThatNeverAnswersHarmsNobody() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var worker = cluster.start("worker", "predict,log");
                var front = cluster.start("front", "http")) {
            eventually(() -> infer(front) == 200);
            var silent = await(ClusteredVertx.join(
                    new VertxOptions(),
                    new ClusterConfig(
                            true,
                            "augur-test",
                            "127.0.0.1",
                            cluster.port(),
                            8,
                            0,
                            List.of("127.0.0.1"),
                            Optional.empty(),
                            Optional.empty(),
                            ClusterConfig.Patience.USUAL)));
            for (String address : List.of("augur.nodes", "augur.predictions", "augur.events", "augur.models.iris")) {
                await(silent.eventBus().consumer(address, message -> {}).pause().completion());
            }
            for (int i = 0; i < 500; i++) {
                assertThat(infer(front)).isEqualTo(200);
            }
            eventually(() -> worker.meter("augur_prediction_log_pending") == 0);
            await(silent.close());
        }
    }

    /** Prints how long small requests take beside large ones; what that is depends on the machine. */
    @Test
    void smallRequestsGoOnBesideLargeOnes() throws Exception {
        var cluster = new ClusterNodes(directory).with("-Xmx1g");
        try (var worker = cluster.start("worker", "predict,log", "models.max-rows=4000000");
                var front = cluster.start("front", "http")) {
            within(60, () -> infer(front) == 200);
            percentile(front, 99);
            long alone = percentile(front, 99);
            var large = large(front);
            long beside = 0;
            int rounds = 0;
            while (!large.isDone()) {
                beside = Math.max(beside, percentile(front, 99));
                rounds++;
            }
            assertThat(large.get().statusCode())
                    .as(large.get()
                            .body()
                            .substring(0, Math.min(200, large.get().body().length())))
                    .isEqualTo(200);
            System.out.printf(
                    "p99 of small requests: alone %d us, beside one of 64 MB %d us (%d rounds)%n",
                    alone, beside, rounds);
            assertThat(worker.alive()).isTrue();
        }
    }

    private static long percentile(AugurProcess node, int percent) throws Exception {
        var micros = new long[SMALL_ONES];
        for (int i = 0; i < SMALL_ONES; i++) {
            long start = System.nanoTime();
            assertThat(infer(node)).isEqualTo(200);
            micros[i] = (System.nanoTime() - start) / 1_000;
        }
        Arrays.sort(micros);
        return micros[SMALL_ONES * percent / 100 - 1];
    }

    private static CompletableFuture<HttpResponse<String>> large(AugurProcess node) {
        int bytes = ROWS * 4 * Float.BYTES;
        String json = "{\"inputs\":[{\"name\":\"features\",\"shape\":[" + ROWS
                + ",4],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":" + bytes + "}}],"
                + "\"parameters\":{\"binary_data_output\":true}}";
        byte[] body = Arrays.copyOf(json.getBytes(StandardCharsets.US_ASCII), json.length() + bytes);
        var request = HttpRequest.newBuilder(URI.create(node.url() + IRIS))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", String.valueOf(json.length()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }
}
