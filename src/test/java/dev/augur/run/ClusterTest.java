package dev.augur.run;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as processes of their own, joined by Hazelcast over unicast, and a third program that listens. */
class ClusterTest {
    private static final String IRIS = "/v2/models/iris/infer";

    @TempDir
    Path directory;

    @Test
    void theRecordCrossesTheClusterAndIsPublished() throws Exception {
        int port = ChildProcess.freePort();
        try (var log = node(port, "log");
                var http = node(port, "http,predict")) {
            assertThat(log.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(log.get("/predictions").statusCode()).isEqualTo(200);
            assertThat(http.get("/predictions/any").statusCode()).isEqualTo(404);
            var listener = await(ClusteredVertx.join(
                    new VertxOptions(),
                    new ClusterConfig(
                            true,
                            "augur-test",
                            "127.0.0.1",
                            port,
                            8,
                            0,
                            List.of("127.0.0.1"),
                            Optional.empty(),
                            Optional.empty(),
                            ClusterConfig.Patience.USUAL)));
            var published = new CopyOnWriteArrayList<JsonObject>();
            await(listener.eventBus()
                    .<JsonObject>consumer("augur.predictions", message -> published.add(message.body()))
                    .completion());

            for (int i = 0; i < 20; i++) {
                assertThat(http.post(IRIS, iris(i)).get().body()).contains("\"id\":\"" + i + "\"");
            }

            eventually(() -> http.meter("augur_prediction_log_records_total{outcome=\"stored\"}") == 20);
            var written = TestServer.records(directory.resolve("log/predictions"));
            assertThat(written).hasSize(20);
            assertThat(new JsonObject(http.get("/predictions").body()).getJsonArray("records"))
                    .hasSize(20);
            assertThat(directory.resolve("http,predict/predictions")).doesNotExist();
            eventually(() -> published.size() >= 20);
            assertThat(published).containsExactlyElementsOf(written);
            await(listener.close());
        }
    }

    @Test
    void recordsWaitForALogNodeThatIsAway() throws Exception {
        int port = ChildProcess.freePort();
        try (var http = node(port, "http,predict")) {
            try (var log = node(port, "log")) {
                http.post(IRIS, iris(1)).get();
                eventually(() -> http.meter("augur_prediction_log_records_total{outcome=\"stored\"}") == 1);
                log.signal("KILL");
                log.exitCode();
            }
            for (int i = 2; i <= 10; i++) {
                assertThat(http.post(IRIS, iris(i)).get().statusCode()).isEqualTo(200);
            }
            assertThat(http.meter("augur_prediction_log_pending")).isEqualTo(9);
            assertThat(http.meter("augur_prediction_log_oldest_wait_seconds")).isPositive();
            try (var back = node(port, "log")) {
                eventually(() -> http.meter("augur_prediction_log_records_total{outcome=\"stored\"}") == 10);
                assertThat(TestServer.records(directory.resolve("log/predictions")))
                        .extracting(record -> record.getString("client_request_id"))
                        .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
                http.signal("TERM");
                assertThat(http.exitCode()).isZero();
                back.signal("TERM");
                assertThat(back.exitCode()).isZero();
            }
        }
    }

    /** A request to a model whose records follow its answers. */
    private static String iris(int id) {
        return "{\"id\":\"" + id + "\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\","
                + "\"data\":[5.1,3.5,1.4,0.2]}]}";
    }

    private AugurProcess node(int port, String roles) throws Exception {
        var data = Files.createDirectories(directory.resolve(roles));
        return AugurProcess.start(
                Map.of(
                        "AUGUR_HTTP_PORT",
                        "0",
                        "AUGUR_DATA_DIRECTORY",
                        data.toString(),
                        "AUGUR_CLUSTER_NAME",
                        "augur-test",
                        "AUGUR_CLUSTER_PORT",
                        String.valueOf(port)),
                "--cluster",
                "--roles",
                roles);
    }
}
