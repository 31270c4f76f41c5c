package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the server does with clients that are slow, silent, many or large: it waits for a while, and for others
 * meanwhile not at all.
 */
class PatienceTest {
    private static final String ROUTE = "/double";
    private static final String GOOD = "{\"item_id\":43,\"feature_value\":21.0}";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.body-timeout=500ms", "http.idle-timeout=1s", "http.max-body=100KiB");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void refusesBodiesThatTogetherTakeTooMuchMemory() throws Exception {
        try (var tight = TestServer.start("http.body-memory=250KiB", "double.delay-ms=3000")) {
            var large = "{\"item_id\":1,\"feature_value\":1,\"x\":\"" + "a".repeat(100_000) + "\"}";
            var first = tight.postAsync(ROUTE, large);
            eventually(() -> tight.meter("augur_http_body_memory_bytes") > 100_000);
            var second = tight.post(ROUTE, large);
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.body()).contains("request bodies take all the memory they may");
            assertThat(first.get().statusCode()).isEqualTo(200);
            eventually(() -> tight.meter("augur_http_body_memory_bytes") == 0);
        }
    }

    @Test
    void endsAnUploadThatStalls() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nContent-Length: 40\r\n\r\n{\"item_id\":");
            assertThat(client.answer())
                    .startsWith("HTTP/1.1 408")
                    .endsWith("{\"detail\":\"the body did not arrive within 500 ms\"}");
            assertThat(client.closedWithin(3_000)).isTrue();
        }
    }

    @Test
    void endsAnUploadThatDrips() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
            var dripping = new Thread(() -> {
                try {
                    while (true) {
                        client.send(" ");
                        java.util.concurrent.TimeUnit.MILLISECONDS.sleep(50);
                    }
                } catch (Exception closed) {
                    Thread.currentThread().interrupt();
                }
            });
            dripping.start();
            assertThat(client.answer()).startsWith("HTTP/1.1 408");
            dripping.interrupt();
            dripping.join();
        }
    }

    @Test
    void endsAConnectionThatDoesNotFinishItsNextHead() throws Exception {
        try (var half = new RawClient(server.port())) {
            half.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n").answer();
            half.send("GET /health/live HTTP/1.1\r\nHost:");
            assertThat(half.closedWithin(5_000)).isTrue();
        }
    }

    @Test
    void endsAConnectionWhoseFirstHeadDoesNotArrive() throws Exception {
        try (var strict = TestServer.start("http.head-timeout=300ms");
                var silent = new RawClient(strict.port());
                var half = new RawClient(strict.port());
                var preface = new RawClient(strict.port());
                var empty = new RawClient(strict.port());
                var served = new RawClient(strict.port())) {
            served.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n").answer();
            half.send("GET /health/live HTTP/1.1\r\nHost:");
            preface.send("PRI * HT");
            empty.send("\r\n\r\n\r\n");
            for (RawClient client : List.of(silent, half, preface, empty)) {
                assertThat(client.closedWithin(3_000)).isTrue();
            }
            assertThat(served.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n")
                            .answer())
                    .contains("live");
        }
    }

    @Test
    void answersAClientThatHasSentAllItWill() throws Exception {
        try (var quick = TestServer.start();
                var client = new RawClient(quick.port());
                var pipelined = new RawClient(quick.port());
                var old = new RawClient(quick.port());
                var unfinished = new RawClient(quick.port())) {
            assertThat(client.post(ROUTE, GOOD).sendNoMore().answer())
                    .startsWith("HTTP/1.1 200")
                    .endsWith("}");
            assertThat(client.closedWithin(2_000)).isTrue();
            pipelined.post(ROUTE, GOOD).post(ROUTE, GOOD).sendNoMore();
            assertThat(pipelined.answer()).startsWith("HTTP/1.1 200").endsWith("}");
            assertThat(pipelined.answer()).startsWith("HTTP/1.1 200").endsWith("}");
            assertThat(old.send("GET /v2 HTTP/1.0\r\n\r\n").sendNoMore().answer())
                    .startsWith("HTTP/1.0 200");
            unfinished
                    .send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nContent-Length: 40\r\n\r\n{")
                    .sendNoMore();
            assertThat(unfinished.closedWithin(2_000)).isTrue();
        }
    }

    @Test
    void looksWhetherAClientThatSentAllStillWaits() throws Exception {
        try (var slow = TestServer.start("double.delay-ms=3000", "double.workers=1");
                var waits = new RawClient(slow.port());
                var leaves = new RawClient(slow.port())) {
            waits.post(ROUTE, GOOD).sendNoMore();
            eventually(() -> slow.meter("augur_pool_running{pool=\"double\"}") == 1);
            leaves.post(ROUTE, GOOD);
            eventually(() -> slow.meter("augur_pool_taken{pool=\"double\"}") == 2);
            leaves.leave();
            eventually(() -> slow.meter("augur_pool_taken{pool=\"double\"}") == 1);
            var answer = waits.answer();
            assertThat(answer).startsWith("HTTP/1.1 100");
            while (answer.startsWith("HTTP/1.1 100")) {
                answer = waits.answer();
            }
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("}");
        }
    }

    @Test
    void endsASilentConnectionInTheEnd() throws Exception {
        try (var strict = TestServer.start("http.request-timeout=200ms", "http.idle-timeout=200ms");
                var silent = new RawClient(strict.port())) {
            assertThat(silent.closedWithin(5_000)).isTrue();
        }
    }

    /** Its head is whole, and no request comes of it. */
    @Test
    void endsAConnectionThatStopsWithinThePrefaceOfHttp2() throws Exception {
        try (var strict = TestServer.start("http.request-timeout=200ms", "http.idle-timeout=200ms");
                var silent = new RawClient(strict.port())) {
            silent.send("PRI * HTTP/2.0\r\n\r\n");
            assertThat(silent.closedWithin(5_000)).isTrue();
        }
    }

    @Test
    void answersARequestWhoseTimeHasPassed() throws Exception {
        try (var hasty = TestServer.start("double.delay-ms=2000", "double.workers=1", "http.request-timeout=300ms")) {
            var running = hasty.postAsync(ROUTE, GOOD);
            eventually(() -> hasty.meter("augur_pool_running{pool=\"double\"}") == 1);
            var waiting = hasty.postAsync("/double_recorded", GOOD);
            for (var answer : List.of(running.get(), waiting.get())) {
                assertThat(answer.statusCode()).isEqualTo(504);
                assertThat(answer.body()).isEqualTo("{\"detail\":\"there was no answer within 300 ms\"}");
            }
            eventually(() -> hasty.meter("augur_pool_taken{pool=\"double\"}") <= 1);
            eventually(() -> hasty.records().size() == 1);
            assertThat(hasty.records().get(0).getString("status")).isEqualTo("TIMEOUT");
        }
    }

    @Test
    void keepsAClientThatWaitsLongerThanTheIdleTime() throws Exception {
        try (var slow = TestServer.start("double.delay-ms=1000", "http.idle-timeout=100ms")) {
            assertThat(slow.post(ROUTE, GOOD).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void servesOthersWhileTwoThousandConnectionsAreIdle() throws Exception {
        try (var many = TestServer.start()) {
            List<RawClient> idle = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                idle.add(new RawClient(many.port()));
            }
            assertThat(many.post(ROUTE, GOOD).statusCode()).isEqualTo(200);
            for (RawClient client : idle) {
                client.close();
            }
        }
    }

    @Test
    void closesConnectionsAboveTheLimit() throws Exception {
        try (var narrow = TestServer.start("http.max-connections=2", "http.instances=1");
                var first = new RawClient(narrow.port());
                var second = new RawClient(narrow.port())) {
            first.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n").answer();
            second.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n").answer();
            try (var third = new RawClient(narrow.port())) {
                third.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n");
                assertThat(third.answer()).isEmpty();
            }
            first.leave();
            eventually(() -> narrow.get("/health/live").statusCode() == 200);
        }
    }

    @Test
    void stopsAtOnceWhenNothingRuns() throws Exception {
        var idle = TestServer.start("shutdown.timeout=60s");
        try (var silent = new RawClient(idle.port());
                var half = new RawClient(idle.port());
                var kept = new RawClient(idle.port());
                var upload = new RawClient(idle.port())) {
            half.send("GET /he");
            kept.send("GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n").answer();
            upload.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nContent-Length: 40\r\n\r\n{\"item_id\":");
            eventually(() -> idle.meter("augur_http_connections{router=\"0\"}")
                            + idle.meter("augur_http_connections{router=\"1\"}")
                    >= 3);
            idle.close(); // within the 30 s that the tests wait for anything
            assertThat(upload.answer()).startsWith("HTTP/1.1 503");
            assertThat(silent.closedWithin(1_000)).isTrue();
        }
    }
}
