package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.config.ConfigLoader;
import dev.augur.metrics.Meters;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.Scrape;
import dev.augur.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client may ask for, while all others go on. */
class ClientLimitsTest {
    @TempDir
    private Path folder;

    @Test
    void requestsPerSecondHaveABurst() throws Exception {
        try (var server =
                TestServer.start("http.clients.requests-per-second=1", "http.clients.burst=3", "management.port=0")) {
            for (int i = 0; i < 3; i++) {
                assertThat(server.get("/v2").statusCode()).isEqualTo(200);
            }
            var refused = server.get("/v2/models");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(refused.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(refused.body())
                    .isEqualTo(
                            "{\"error\":\"this client asks for more than http.clients.requests-per-second allows; again in 1 s\"}");
            assertThat(server.post("/predict/wine", "{}").body()).startsWith("{\"detail\":");
            assertThat(server.get("/nothing").statusCode()).isEqualTo(429);
            assertThat(server.get("/health/ready").statusCode()).isEqualTo(200); // whatever a probe's neighbours do
            assertThat(refusals(server, "rate")).isEqualTo(3);
            assertThat(get(server.server().managementUrl().orElseThrow() + "/v2")
                            .statusCode())
                    .isEqualTo(200);
            eventually(() -> server.get("/v2").statusCode() == 200); // a second later
        }
    }

    @Test
    void requestsInFlightAreCountedUntilTheyAreAnswered() throws Exception {
        try (var server =
                TestServer.start("http.clients.in-flight=1", "management.port=0", "demo.prediction-delay=2s")) {
            eventually(() -> refusedMeanwhile(server));
            eventually(() -> server.get("/v2").statusCode() == 200);
            eventually(() -> leftAlone(server)); // who leaves gives back what he had
            eventually(() -> server.get("/v2").statusCode() == 200);
        }
    }

    /** Whether a request that was in flight kept another out, and was answered itself. */
    private static boolean refusedMeanwhile(TestServer server) throws Exception {
        try (var first = new RawClient(server.port())) {
            first.post("/predict_async_io", "{\"item_id\":43,\"feature_value\":1}");
            var second = server.get("/v2");
            return second.statusCode() == 429
                    && second.body().contains("http.clients.in-flight")
                    && first.head().startsWith("HTTP/1.1 200");
        }
    }

    /** Whether a request was in flight, and so kept others out, when its client left. */
    private static boolean leftAlone(TestServer server) throws Exception {
        try (var leaver = new RawClient(server.port())) {
            leaver.post("/predict_async_io", "{\"item_id\":43,\"feature_value\":1}");
            return server.get("/v2").statusCode() == 429;
        }
    }

    @Test
    void bytesAreOwedAndTheTimeIsTold() throws Exception {
        try (var server = TestServer.start("http.clients.bytes-per-second=1KiB", "management.port=0")) {
            assertThat(server.post("/predict/wine", "{\"item_id\":\"" + "x".repeat(6_000) + "\"}")
                            .statusCode())
                    .isNotEqualTo(429);
            eventually(() -> server.get("/v2").statusCode() == 429);
            var refused = server.get("/v2");
            assertThat(Integer.parseInt(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(2, 6);
            assertThat(refused.body()).contains("http.clients.bytes-per-second");
        }
    }

    @Test
    void connectionsAboveTheLimitAreClosedAtOnce() throws Exception {
        try (var server = TestServer.start("http.clients.connections=2", "management.port=0");
                var first = new RawClient(server.port());
                var second = new RawClient(server.port())) { // which say nothing
            try (var third = new RawClient(server.port())) {
                assertThat(third.closedWithin(5_000)).isTrue();
            }
            assertThat(refusals(server, "connections")).isEqualTo(1);
            second.leave();
            eventually(() -> {
                try (var next = new RawClient(server.port())) {
                    return next.send("GET /v2 HTTP/1.1\r\nHost: t\r\n\r\n")
                            .head()
                            .startsWith("HTTP/1.1 200");
                } catch (java.io.IOException closed) {
                    return false;
                }
            });
            assertThat(first.send("GET /v2 HTTP/1.1\r\nHost: t\r\n\r\n").head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoIsKnownHasLimitsOfHisOwn() throws Exception {
        var keys = folder.resolve("keys.yaml");
        var file = new KeyFile(keys);
        String one = file.create(new Principal("one", Grants.ALL), null);
        String other = file.create(new Principal("other", Grants.ALL), null);
        try (var server =
                TestServer.start("access.keys=" + keys, "http.clients.requests-per-second=1", "http.clients.burst=5")) {
            for (int i = 0; i < 5; i++) {
                assertThat(status(server, one)).isEqualTo(200);
            }
            assertThat(status(server, one)).isEqualTo(429);
            assertThat(status(server, other)).isEqualTo(200);
            int unknown = 0;
            while (status(server, "augur_aaaaaaaa_" + "b".repeat(32)) == 401) { // counts for the address
                unknown++;
            }
            assertThat(unknown).isBetween(5, 50);
            assertThat(status(server, other)).isEqualTo(200);
        }
    }

    @Test
    void behindAProxyEachAddressIsAClient() throws Exception {
        try (var server = TestServer.start(
                "http.proxies=127.0.0.1",
                "http.clients.requests-per-second=1",
                "http.clients.burst=2",
                "http.clients.connections=1")) {
            assertThat(from(server, "203.0.113.1")).isEqualTo(200);
            assertThat(from(server, "6.6.6.6, 203.0.113.1")).isEqualTo(200);
            assertThat(from(server, "7.7.7.7, 203.0.113.1")).isEqualTo(429);
            assertThat(from(server, "203.0.113.2")).isEqualTo(200);
            assertThat(from(server, "2001:db8::1")).isEqualTo(200); // one machine has a network of 64 bits
            assertThat(from(server, "2001:db8::2")).isEqualTo(200);
            assertThat(from(server, "2001:db8::3")).isEqualTo(429);
            assertThat(from(server, "2001:db8:0:1::3")).isEqualTo(200);
            try (var first = new RawClient(server.port());
                    var second = new RawClient(server.port())) { // a proxy's are those of many
                assertThat(first.closedWithin(100)).isFalse();
                assertThat(second.closedWithin(100)).isFalse();
            }
        }
    }

    @Test
    void whatOthersWriteIsNotBelieved() throws Exception {
        try (var server = TestServer.start(
                "http.proxies=10.0.0.0/8", "http.clients.requests-per-second=1", "http.clients.burst=2")) {
            assertThat(from(server, "203.0.113.1")).isEqualTo(200);
            assertThat(from(server, "203.0.113.2")).isEqualTo(200);
            assertThat(from(server, "203.0.113.3")).isEqualTo(429);
        }
    }

    /** Neither the table nor the metrics grow with those who ask, and who asks much is not forgotten for them. */
    @Test
    void tenThousandClientsHaveABound() throws Exception {
        var config =
                ConfigLoader.load(Map.of(), Map.of("http.clients.in-flight", "1", "http.clients.connections", "1"));
        var meters = new Meters();
        var limits = new ClientLimits(config.http(), meters.clients());
        var busy = limits.of("busy", "10.0.0.1");
        assertThat(busy.begin(System.nanoTime())).isEmpty();
        for (int i = 0; i < 30_000; i++) {
            assertThat(limits.of(null, "10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255))
                            .begin(System.nanoTime()))
                    .isEmpty();
            assertThat(limits.of("busy", "10.0.0.1")).isSameAs(busy);
        }
        assertThat(busy.begin(System.nanoTime())).isPresent();
        String scraped = meters.scrape(Meters.PROMETHEUS_TEXT);
        assertThat(Scrape.value(scraped, "augur_clients")).isBetween(1.0, 10_000.0);
        assertThat(scraped.lines().filter(line -> line.contains("augur_client")))
                .hasSizeLessThan(12);
    }

    private static double refusals(TestServer server, String reason) throws Exception {
        String scraped =
                get(server.server().managementUrl().orElseThrow() + "/metrics").body();
        return Scrape.value(scraped, "augur_client_refused_total{reason=\"" + reason + "\"}");
    }

    private static int status(TestServer server, String key) throws Exception {
        return get(server.server().url().orElseThrow() + "/v2", "X-API-Key", key)
                .statusCode();
    }

    private static int from(TestServer server, String forwarded) throws Exception {
        var answer = server.postBytes("/nothing", "{}".getBytes(UTF_8), Map.of("X-Forwarded-For", forwarded));
        return answer.statusCode() == 404 ? 200 : answer.statusCode();
    }

    private static HttpResponse<String> get(String url, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url)).version(HttpClient.Version.HTTP_1_1);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
