package dev.augur.http;

import static dev.augur.testkit.RawFrames.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.metrics.Meters;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.RawFrames;
import dev.augur.testkit.Scrape;
import dev.augur.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in masses, while others go on being served. */
class FloodTest {
    private static final byte[] ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}"
                    .getBytes(UTF_8);

    private static TestServer server;

    @TempDir
    private static Path folder;

    private static String key;

    @BeforeAll
    static void start() throws Exception {
        key = new KeyFile(folder.resolve("keys.yaml")).create(new Principal("shop", Grants.ALL), null);
        server = TestServer.start("access.keys=" + folder.resolve("keys.yaml"), "management.port=0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void framesThatOnlyCostEndTheirConnection() throws Exception {
        var headers = RawFrames.get("/v2/health/live");
        var settings = frame(RawFrames.SETTINGS, 0, 0, new byte[] {0, 3, 0, 0, 0, 100});
        var part = frame(RawFrames.CONTINUATION, 0, 1, new byte[] {0, 1, 'a', 1, 'b'});
        var begun = frame(RawFrames.HEADERS, RawFrames.END_STREAM, 1, headers);
        assertEnded(new byte[0], settings, 20_000);
        assertEnded(new byte[0], frame(RawFrames.PING, 0, 0, new byte[8]), 20_000);
        assertEnded(begun, frame(RawFrames.CONTINUATION, 0, 1), 10_000);
        assertEnded(begun, part, 10_000);
        assertEnded(begun, frame(RawFrames.CONTINUATION, 0, 1, new byte[16_000]), 100);
        assertEnded(frame(RawFrames.HEADERS, RawFrames.END_HEADERS, 1, headers), frame(RawFrames.DATA, 0, 1), 10_000);
        assertThat(status(key)).isEqualTo(200);
    }

    private static void assertEnded(byte[] first, byte[] then, int count) throws Exception {
        try (var client = new RawFrames(server.port())) {
            client.send(first);
            assertThat(client.endedBy(then, count)).as("type " + then[3]).isTrue();
        }
    }

    /** CVE-2023-44487: streams are begun and reset, so that their number is no bound. */
    @Test
    void resetsWithoutEndEndTheirConnection() throws Exception {
        boolean ended = false;
        try (var client = new RawFrames(server.port())) {
            try {
                for (int i = 0; i < 2_000; i++) {
                    client.send(frame(
                            RawFrames.HEADERS,
                            RawFrames.END_STREAM | RawFrames.END_HEADERS,
                            2 * i + 1,
                            RawFrames.get("/v2/health/live")));
                    client.send(frame(RawFrames.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
                }
            } catch (java.io.IOException reset) {
                ended = true;
            }
            assertThat(ended || client.ended()).isTrue();
        }
        assertThat(status(key)).isEqualTo(200);
    }

    @Test
    void wrongKeysKeepNobodyFromPredicting() throws Exception {
        var wrong = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        var client = HttpClient.newHttpClient();
        var predictions = new ArrayList<Integer>();
        for (int i = 0; i < 1_000; i++) {
            String shown = i % 2 == 0 ? "augur_aaaaaaaa_" + "b".repeat(32) : "not.a.token" + i;
            wrong.add(client.sendAsync(request("/v2/models", shown), HttpResponse.BodyHandlers.ofString()));
            if (i % 50 == 0) {
                predictions.add(server.postBytes("/v2/models/iris/infer", ROW, Map.of("X-API-Key", key))
                        .statusCode());
                CompletableFuture.allOf(wrong.toArray(CompletableFuture[]::new)).join();
            }
        }
        assertThat(predictions).hasSize(20).containsOnly(200);
        for (var answer : wrong) {
            assertThat(answer.get().statusCode()).isEqualTo(401);
        }
        assertThat(Scrape.value(scraped(), "augur_access_total{outcome=\"unauthenticated\",principal=\"\"}"))
                .isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void namesOfClientsMakeNoLabels() throws Exception {
        status(key);
        server.postBytes("/v2/models/nobody/infer", ROW, Map.of("X-API-Key", key));
        server.postBytes("/nothing", ROW, Map.of("X-API-Key", key));
        long before = scraped().lines().count();
        var client = HttpClient.newHttpClient();
        for (int batch = 0; batch < 100; batch++) {
            var asked = new ArrayList<CompletableFuture<?>>();
            for (int i = 0; i < 10; i++) {
                String name = "x" + batch + "-" + i;
                for (String path : List.of("/v2/models/" + name, "/" + name, "/pipelines/" + name)) {
                    asked.add(client.sendAsync(request(path, key), HttpResponse.BodyHandlers.ofString()));
                }
            }
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
        }
        assertThat(scraped().lines().count() - before).isLessThan(30);
        assertThat(scraped()).doesNotContain("x99-9");
    }

    @Test
    void tenThousandPrincipalsHaveAHundredLabels() {
        var meters = new Meters();
        for (int i = 0; i < 10_000; i++) {
            meters.access().granted("principal-" + i);
        }
        String scraped = meters.scrape(Meters.PROMETHEUS_TEXT);
        assertThat(scraped.lines().filter(line -> line.startsWith("augur_access_total{outcome=\"granted\"")))
                .hasSize(101);
        assertThat(Scrape.value(scraped, "augur_access_total{outcome=\"granted\",principal=\"others\"}"))
                .isEqualTo(9_900);
    }

    @Test
    void whoLooksAfterTheServerComesInWhereClientsDoNot() throws Exception {
        try (var full = TestServer.start("http.instances=1", "http.max-connections=1", "management.port=0");
                var first = new RawClient(full.port())) {
            assertThat(first.send("GET /v2 HTTP/1.1\r\nHost: t\r\n\r\n").head()).startsWith("HTTP/1.1 200");
            try (var second = new RawClient(full.port())) {
                second.send("GET /v2 HTTP/1.1\r\nHost: t\r\n\r\n");
                assertThat(second.closedWithin(10_000)).isTrue();
            }
            String metrics = full.server().managementUrl().orElseThrow() + "/metrics";
            var scrape = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(metrics)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(scrape.statusCode()).isEqualTo(200);
            assertThat(scrape.body()).contains("augur_http_connections_refused_total");
        }
    }

    private static HttpRequest request(String path, String shown) {
        return HttpRequest.newBuilder(URI.create(server.server().url().orElseThrow() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("X-API-Key", shown)
                .build();
    }

    private static int status(String shown) throws Exception {
        return HttpClient.newHttpClient()
                .send(request("/v2", shown), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String scraped() throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(server.server().managementUrl().orElseThrow() + "/metrics"))
                .header("X-API-Key", key)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
