package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.testkit.TestServer;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes answer that serve no requests, and where the log is elsewhere. */
class ManagementTest {
    @TempDir
    Path data;

    @Test
    void aNodeThatOnlyWritesTheLogAnswersForItself() throws Exception {
        try (var log = TestServer.start("roles=log")) {
            assertThat(log.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(log.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(log.get("/v2/health/ready").statusCode()).isEqualTo(200);
            assertThat(log.get("/metrics").body()).contains("augur_prediction_log_ledger_bytes");
            assertThat(log.get("/predictions").body()).contains("\"finished\":true");
            assertThat(log.get("/schemas/prediction-record.json").statusCode()).isEqualTo(200);
            assertThat(log.get("/v2/models").statusCode()).isEqualTo(404);
            assertThat(log.post("/predict/wine", "{\"item_id\":43}").statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whereNoNodeHasTheLogOneSaysSo() throws Exception {
        try (var log = TestServer.start("roles=log", "http.port=8000", "management.port=" + freePort())) {
            var config = ConfigLoader.load(
                    Map.of(),
                    Map.of(
                            "roles", "http,predict",
                            "cluster.enabled", "true",
                            "http.port", "0",
                            "shutdown.pause", "0",
                            "data.directory", data.toString()));
            var other = await(Server.start(log.vertx(), config)); // which is not clustered: nodes do not see each other
            try {
                var answer = get(other.url().orElseThrow() + "/predictions");
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("no node that is known here has the role log");
            } finally {
                await(other.stop());
            }
        }
    }

    @Test
    void twoSuchNodesOfOneMachineDoNotClash() throws Exception {
        var settings = new String[] {"roles=log", "http.port=8000", "management.port=" + freePort()};
        try (var first = TestServer.start(settings);
                var second = TestServer.start(settings)) {
            assertThat(first.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(second.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(second.port()).isNotEqualTo(first.port()).isNotEqualTo(8000);
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 65_000);
        }
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
