package dev.augur.console;

import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.EventStream;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code GET /console/stream}: what each page is told, and what pages must not cost. */
class ConsoleStreamTest {
    private static final String IRIS =
            """
            {"inputs": [{"name": "features", "shape": [1, 4], "datatype": "FP32", "data": [5.1, 3.5, 1.4, 0.2]}]}""";
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.instances=2", "console.streams=3", "http.request-timeout=2s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void saysFirstWhoItIs() throws Exception {
        try (var page = new EventStream(server.port())) {
            assertThat(page.head()).contains("content-type: text/event-stream", "cache-control: no-store");
            var hello = page.next("hello");
            assertThat(hello.getString("node")).isEqualTo(server.server().node());
            assertThat(Instant.parse(hello.getString("started_at"))).isBefore(Instant.now());
        }
    }

    @Test
    void countsOnceASecond() throws Exception {
        try (var page = new EventStream(server.port())) {
            var first = page.next("metrics");
            assertThat(server.post("/v2/models/iris/infer", IRIS).statusCode()).isEqualTo(200);
            var second = page.next("metrics", metrics -> rows(metrics) > rows(first));
            assertThat(second.getLong("now_ms")).isGreaterThan(first.getLong("now_ms") + 500);
            assertThat(second.getInteger("dropped")).isZero();
            assertThat(second.getJsonObject("memory").getLong("heap_used_bytes"))
                    .isPositive();
            assertThat(second.getJsonObject("log").getLong("pending")).isNotNegative();
            assertThat(second.getJsonObject("event_loops").getDouble("lag_max_ms"))
                    .isPositive();
            assertThat(second.getJsonArray("pools").encode()).contains("augur-console");
            assertThat(second.getJsonArray("routes").encode()).contains("/v2/models/:model/infer");
        }
    }

    @Test
    void tellsThatTheLogHasGrown() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.next("metrics");
            long before = server.records().size();
            server.post("/v2/models/iris/infer", IRIS);
            page.next("records", records -> records.getLong("written") > before);
        }
    }

    @Test
    void goesOnBeyondTheTimeOfRequests() throws Exception {
        try (var page = new EventStream(server.port())) {
            long first = page.next("metrics").getLong("now_ms");
            page.next("metrics", metrics -> metrics.getLong("now_ms") > first + 3_000);
            assertThat(page.ended()).isFalse();
        }
    }

    @Test
    void refusesOneTooManyAndTakesTheNext() throws Exception {
        eventually(() -> server.meter("augur_console_streams") == 0);
        var pages = new ArrayList<EventStream>();
        for (int i = 0; i < 3; i++) {
            pages.add(new EventStream(server.port()));
        }
        try (var tooMany = new EventStream(server.port())) {
            assertThat(tooMany.status()).isEqualTo(429);
        }
        for (EventStream page : pages) {
            page.next("metrics");
            page.close();
        }
        eventually(() -> {
            try (var next = new EventStream(server.port())) {
                return next.status() == 200;
            }
        });
    }

    @Test
    void aHeadHasNoEvents() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("HEAD /console/stream HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
            client.send("GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200").doesNotContain("event:");
        }
    }

    @Test
    void stopsAtOnceWithOpenPages() throws Exception {
        var pages = new ArrayList<EventStream>();
        var silent = new ArrayList<RawClient>();
        try (var stopping = TestServer.start("shutdown.timeout=20s")) {
            for (int i = 0; i < 5; i++) {
                pages.add(new EventStream(stopping.port()));
                silent.add(
                        RawClient.narrow(stopping.port()).send("GET /console/stream HTTP/1.1\r\nHost: test\r\n\r\n"));
            }
            for (EventStream page : pages) {
                page.next("metrics");
            }
            long began = System.nanoTime();
            stopping.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        }
        within(5, () -> pages.stream().allMatch(EventStream::ended));
        for (RawClient client : silent) {
            client.leave();
        }
    }

    @Test
    void isNotThereWhereItIsSwitchedOff() throws Exception {
        try (var without = TestServer.start("console.enabled=false")) {
            assertThat(without.get("/console/stream").statusCode()).isEqualTo(404);
            assertThat(without.server().routes()).noneMatch(route -> route.contains("/console"));
        }
    }

    @Test
    void cutsOffAPageThatReadsNothing() throws Exception {
        try (var impatient = TestServer.start("http.write-timeout=1s", "http.instances=1")) {
            var silent = new ArrayList<RawClient>();
            for (int i = 0; i < 5; i++) {
                silent.add(
                        RawClient.narrow(impatient.port()).send("GET /console/stream HTTP/1.1\r\nHost: test\r\n\r\n"));
            }
            eventually(() -> impatient.meter("augur_console_streams") == 5);
            try (var reader = new EventStream(impatient.port())) {
                reader.next("metrics");
                flood(impatient, silent);
                assertThat(reader.ended()).isFalse();
            }
            for (RawClient client : silent) {
                client.leave();
            }
        }
    }

    /** Both sides hold a few MiB that nobody reads; only traces of a page's own requests fill them fast. */
    private static void flood(TestServer impatient, List<RawClient> silent) throws Exception {
        var client = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + impatient.port() + "/v2/models/iris/infer"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("X-Request-Id", "console-" + "x".repeat(100))
                .POST(HttpRequest.BodyPublishers.ofString(IRIS))
                .build();
        within(60, () -> {
            var answers = IntStream.range(0, 200)
                    .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(answers).join();
            return impatient.meter("augur_console_lost_total") > 0;
        });
        within(30, () -> impatient.meter("augur_console_streams") == 1);
        assertThat(silent.get(0).closedWithin(5_000)).isTrue();
    }

    private static long rows(JsonObject metrics) {
        return metrics.getJsonArray("models").stream()
                .map(JsonObject.class::cast)
                .filter(model -> model.getString("model").equals("iris"))
                .mapToLong(model -> model.getLong("rows", 0L))
                .sum();
    }
}
