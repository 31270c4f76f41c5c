package dev.augur.console;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.EventStream;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of the stream that are not the console's page, or leave without a word: after faults of other servers. */
class ConsoleClientsTest {
    private static final String GET = "GET /console/stream HTTP/1.1\r\nHost: test\r\n\r\n";
    private static final String LOAD = "{\"item_id\": 1, \"feature_value\": 2}";
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.instances=2", "console.streams=20", "http.write-timeout=1s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void pagesThatLeaveWithoutAWordLeaveNothingBehind() throws Exception {
        for (int visit = 0; visit < 60; visit++) {
            try (var client = new RawClient(server.port()).send(GET)) {
                if (visit % 2 == 0) {
                    client.head();
                }
            }
            if (visit % 20 == 19) {
                eventually(() -> server.meter("augur_console_streams") == 0);
            }
        }
        eventually(() -> server.meter("augur_console_streams") == 0);
    }

    @Test
    void aClientThatSendsNoMoreStillReads() throws Exception {
        try (var page = new EventStream(server.port())) {
            page.sendNoMore();
            long first = page.next("metrics").getLong("now_ms");
            page.next("metrics", metrics -> metrics.getLong("now_ms") > first + 1_500);
        }
        eventually(() -> server.meter("augur_console_streams") == 0);
    }

    @Test
    void http10HasTheEventsWithoutChunks() throws Exception {
        try (var client = new RawClient(server.port()).send("GET /console/stream HTTP/1.0\r\n\r\n")) {
            assertThat(client.head()).contains(" 200 ").doesNotContainIgnoringCase("chunked");
        }
    }

    @Test
    void http2HasTheEventsToo() throws Exception {
        var client = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        var told = new CompletableFuture<String>();
        var text = new StringBuilder();
        HttpClientResponse response =
                await(client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/console/stream")
                        .compose(request -> request.send())
                        .onSuccess(answer -> answer.handler(piece -> {
                            text.append(piece);
                            if (text.indexOf("event: metrics") > 0) {
                                told.complete(text.toString());
                            }
                        })));
        assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(told.get(20, TimeUnit.SECONDS)).contains("event: hello");
        await(client.close());
        eventually(() -> server.meter("augur_console_streams") == 0);
    }

    @Test
    void anErrorIsJsonAlsoForThoseWhoTakeNothingButEvents() throws Exception {
        var pages = new ArrayList<EventStream>();
        for (int i = 0; i < 20; i++) {
            pages.add(new EventStream(server.port()));
        }
        try (var client = new RawClient(server.port())) {
            client.send(GET.replace("\r\n\r\n", "\r\nAccept: text/event-stream\r\n\r\n"));
            assertThat(client.answer())
                    .startsWith("HTTP/1.1 429")
                    .containsIgnoringCase("content-type: application/json")
                    .contains("console.streams");
        } finally {
            for (EventStream page : pages) {
                page.close();
            }
        }
        eventually(() -> server.meter("augur_console_streams") == 0);
    }

    @Test
    void proxiesAreToldNotToHoldEventsBack() throws Exception {
        try (var page = new EventStream(server.port())) {
            assertThat(page.head()).contains("X-Accel-Buffering: no", "cache-control: no-store");
            assertThat(page.head()).noneMatch(line -> line.startsWith("content-length"));
        }
    }

    @Test
    void tellsOfAServerThatHasTooMuchToDo() throws Exception {
        try (var busy = TestServer.start("double.workers=1", "double.queue=3", "double.delay-ms=300");
                var page = new EventStream(busy.port())) {
            page.next("metrics");
            for (int i = 0; i < 100; i++) {
                var unused = busy.postAsync("/double", LOAD);
            }
            long before = page.next("metrics").getLong("now_ms");
            long after = page.next("metrics").getLong("now_ms");
            assertThat(after - before).isLessThan(5_000);
            page.next(
                    "metrics",
                    metrics -> metrics.getJsonArray("routes").encode().contains("\"429\""));
        }
    }

    @Test
    void aNodeWithoutTheRoleHttpHasNoConsole() throws Exception {
        try (var node = TestServer.start("roles=predict,log")) {
            assertThat(node.server().routes()).noneMatch(route -> route.contains("/console"));
            assertThat(node.get("/console/stream").statusCode()).isEqualTo(404);
        }
    }
}
