package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that ask for much and read little. */
class SlowReadersTest {
    private static final int MEMORY = 16 << 20;
    private static final int ROWS = 5_000;
    private static final String PAGE = "GET /predictions?limit=1000 HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final Map<String, String> TENSORS =
            Map.of("Content-Type", "application/octet-stream", "Inference-Header-Content-Length", "0");
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.instances=2", "http.answer-memory=16MiB", "http.write-timeout=3s");
        for (int record = 0; record < 350; record++) {
            assertThat(server.postBytes("/v2/models/iris/infer", new byte[256 * 16], TENSORS)
                            .statusCode())
                    .isEqualTo(200);
        }
        eventually(() -> server.records().size() == 350);
        assertThat(server.get("/predictions?limit=1000").body().length()).isGreaterThan(2 << 20);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void pagesThatNobodyReadsCountAndEnd() throws Exception {
        double before = unread();
        var clients = narrow(12, PAGE.repeat(4));
        try {
            eventually(() -> refusesPage());
            eventually(() -> server.meter("augur_http_answer_memory_bytes") > 0);
            assertThat(server.meter("augur_http_answer_memory_bytes")).isLessThanOrEqualTo(MEMORY);
            assertAlive();
            assertUnreadEnd(before);
        } finally {
            leave(clients);
        }
        eventually(() -> server.get("/predictions?limit=1000").statusCode() == 200);
    }

    @Test
    void largeAnswersOfModelsCount() throws Exception {
        var body = rows();
        try (var small = TestServer.start("http.answer-memory=64KiB")) {
            eventually(() -> {
                var answers = Stream.generate(() -> small.postAsync("/v2/models/iris/infer", body))
                        .limit(4)
                        .toList();
                var statuses = new HashSet<Integer>();
                for (var answer : answers) {
                    statuses.add(answer.get(30, TimeUnit.SECONDS).statusCode());
                }
                return statuses.equals(Set.of(200, 429));
            });
            eventually(() -> small.meter("augur_http_answer_memory_bytes") == 0);
        }
    }

    @Test
    void pipelinedRequestsWaitForTheirReader() throws Exception {
        String count = "augur_http_requests_total{route=\"/predictions\",status=\"200\"}";
        int many = 60;
        double before = unread();
        double answered = server.meter(count);
        var clients = narrow(1, PAGE.repeat(many));
        assertUnreadEnd(before);
        assertThat(clients.get(0).closedWithin(5_000)).isTrue();
        leave(clients);
        assertThat(server.meter(count) - answered).isLessThan(many);
    }

    @Test
    void pipelinedRequestsAreAllAnsweredWhenRead() throws Exception {
        try (var client = RawClient.narrow(server.port())) {
            client.send("GET /v2/models/iris HTTP/1.1\r\nHost: test\r\n\r\n".repeat(1_000));
            for (int answer = 0; answer < 1_000; answer++) {
                assertThat(client.answer()).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aPageIsWholeHoweverItIsSent() throws Exception {
        var page =
                new JsonObject(server.get("/predictions?limit=1000&model=iris").body());
        assertThat(page.getJsonArray("records").size()).isGreaterThanOrEqualTo(350);
        try (var client = RawClient.narrow(server.port())) {
            var answer = client.send(PAGE).answer();
            var body = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
            assertThat(body.getJsonArray("records")).isNotEmpty();
        }
    }

    @Test
    void streamsWithTinyWindowsEnd() throws Exception {
        var client = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setInitialSettings(new Http2Settings().setInitialWindowSize(16)));
        double before = unread();
        var request = await(client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/v2/models/iris"));
        var answered = request.response().onSuccess(HttpClientResponse::pause);
        await(request.end(Buffer.buffer()));
        await(answered);
        assertUnreadEnd(before);
        await(client.close());
    }

    private static List<RawClient> narrow(int number, String sends) throws IOException {
        var clients = new ArrayList<RawClient>();
        for (int client = 0; client < number; client++) {
            clients.add(RawClient.narrow(server.port()).send(sends));
        }
        return clients;
    }

    private static void leave(List<RawClient> clients) throws IOException {
        for (RawClient client : clients) {
            client.leave();
        }
    }

    private static boolean refusesPage() throws Exception {
        var refused = server.get("/predictions?limit=1000");
        return refused.statusCode() == 429
                && refused.headers().firstValue("retry-after").isPresent()
                && refused.body().contains("http.answer-memory");
    }

    private static String rows() {
        var data = "0,".repeat(4 * ROWS - 1) + "0";
        return "{\"inputs\":[{\"name\":\"features\",\"shape\":[" + ROWS + ",4],\"datatype\":\"FP32\",\"data\":[" + data
                + "]}]}";
    }

    private static void assertAlive() throws Exception {
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200); // closing looks whether a loop was held
    }

    /** Those who were sent more than they read are cut off, and hold no memory then. */
    private static void assertUnreadEnd(double before) throws Exception {
        eventually(() -> unread() > before && server.meter("augur_http_answer_memory_bytes") == 0);
    }

    private static double unread() throws Exception {
        return server.meter("augur_http_answers_unread_total{router=\"0\"}")
                + server.meter("augur_http_answers_unread_total{router=\"1\"}");
    }
}
