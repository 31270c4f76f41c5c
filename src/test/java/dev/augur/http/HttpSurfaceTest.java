package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.metrics.Meters;
import dev.augur.request.BodyMemory;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as clients of every kind meet it: wrong, old and new. */
class HttpSurfaceTest {
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /nothing         | 404 |      | {\"detail\":\"Not Found\"}",
                "GET    | /v2/nothing      | 404 |      | {\"error\":\"Not Found\"}",
                "GET    | /double    | 405 | POST, OPTIONS | {\"detail\":\"Method Not Allowed\"}",
                "DELETE | /health/live     | 405 | GET, HEAD, OPTIONS | {\"detail\":\"Method Not Allowed\"}",
                "PUT    | /v2/models/iris  | 405 | GET, HEAD, OPTIONS | {\"error\":\"Method Not Allowed\"}",
                "GET    | /v2/models/%zz   | 400 |      |",
            })
    void refusesUnknownPathsAndMethods(String method, String path, int status, String allow, String body)
            throws Exception {
        try (var client = new RawClient(server.port())) {
            var answer = client.send(method + " " + path + " HTTP/1.1\r\nHost: t\r\n\r\n")
                    .answer();
            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(answer).endsWith(body == null ? "}" : body);
            if (allow != null) {
                assertThat(answer).containsIgnoringCase("allow: " + allow);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Type: text/plain                  | 415",
                "Content-Type: multipart/form-data         | 415",
                "Content-Encoding: gzip                    | 415",
                "Content-Type: application/json            | 200",
                "Content-Type: APPLICATION/JSON; charset=UTF-8 | 200",
                "Content-Type: application/json; charset=utf-16 | 415",
                "Content-Type: application/vnd.api+json    | 200",
                "Content-Encoding: identity                | 200",
                "X-Nothing: said                           | 200",
            })
    void takesJsonAlone(String header, int status) throws Exception {
        try (var client = new RawClient(server.port())) {
            var answer = client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\n" + header + "\r\nContent-Length: "
                            + GOOD.length() + "\r\n\r\n" + GOOD)
                    .answer();
            assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith("}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Content-Length : 4\r\n\r\nabcd",
                "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
                "Content-Length: +4\r\n\r\nabcd",
            })
    void refusesWhatProxiesCouldReadInTwoWays(String headers) throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\n" + headers);
            var answer = client.answer();
            assertThat(answer).startsWith("HTTP/1.1 400").contains("{\"detail\":");
            assertThat(client.closedWithin(2_000)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc\r\n", "100000000\r\n" + "abc\r\n"})
    void endsAConnectionWhoseChunksAreNone(String chunks) throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
            assertThat(client.closedWithin(2_000)).isTrue();
        }
    }

    @Test
    void refusesHeadsAboveTheirLimit() throws Exception {
        try (var line = new RawClient(server.port());
                var header = new RawClient(server.port())) {
            assertThat(line.send("GET /" + "a".repeat(500_000) + " HTTP/1.1\r\nHost: t\r\n\r\n")
                            .answer())
                    .contains(" 414 ")
                    .endsWith("the request line is longer than http.max-request-line, 16384 bytes\"}");
            assertThat(header.send("GET / HTTP/1.1\r\nHost: t\r\nX: " + "a".repeat(500_000) + "\r\n\r\n")
                            .answer())
                    .contains(" 431 ")
                    .endsWith("the headers are larger than http.max-headers, 65536 bytes\"}");
        }
    }

    @Test
    void refusesABodyAboveTheLimitAndCloses() throws Exception {
        var tooMuch = "{\"item_id\":1,\"x\":\"" + "a".repeat(110_000) + "\"}";
        try (var declared = new RawClient(server.port());
                var chunked = new RawClient(server.port())) {
            assertThat(declared.post(ROUTE, tooMuch).answer())
                    .startsWith("HTTP/1.1 413")
                    .endsWith(
                            "{\"detail\":\"the body is larger than the 102400 bytes this route takes (http.max-body, http.max-inference-body, half of http.body-memory)\"}");
            assertThat(declared.closedWithin(3_000)).isTrue();

            chunked.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            chunked.send(Integer.toHexString(tooMuch.length()) + "\r\n" + tooMuch);
            assertThat(chunked.answer()).startsWith("HTTP/1.1 413");
            assertThat(chunked.closedWithin(3_000)).isTrue();
        }
    }

    @Test
    void doesNotAskForABodyItWillNotTake() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE
                    + " HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 999999999\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void asksForABodyThatIsAnnounced() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: "
                    + GOOD.length() + "\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 100");
            assertThat(client.send(GOOD).answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (var client = new RawClient(server.port())) {
            for (int i = 0; i < 20; i++) {
                client.post(ROUTE, "{\"item_id\":" + i + ",\"feature_value\":1}");
            }
            for (int i = 0; i < 20; i++) {
                assertThat(client.answer()).contains("\"item_id\":" + i + ",");
            }
        }
    }

    @Test
    void takesChunkedBodies() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (char c : GOOD.toCharArray()) {
                client.send("1\r\n" + c + "\r\n");
            }
            assertThat(client.send("0\r\n\r\n").answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void speaksHttp2WithPriorKnowledge() throws Exception {
        var client = server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        var answers = new ArrayList<Future<Buffer>>();
        for (int i = 0; i < 50; i++) {
            int item = i;
            answers.add(client.request(HttpMethod.POST, server.port(), "127.0.0.1", ROUTE)
                    .compose(request -> request.send("{\"item_id\":" + item + ",\"feature_value\":1}"))
                    .compose(response -> {
                        assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                        return response.body();
                    }));
        }
        await(Future.all(answers));
        assertThat(answers.get(7).result().toString()).contains("\"item_id\":7,");

        var tooMuch = client.request(HttpMethod.POST, server.port(), "127.0.0.1", ROUTE)
                .compose(request -> request.send("a".repeat(150_000)))
                .map(response -> response.statusCode());
        assertThat(await(tooMuch)).isEqualTo(413);

        var neverEnding = client.request(HttpMethod.POST, server.port(), "127.0.0.1", "/nothing")
                .compose(request -> {
                    request.setChunked(true).write("no end");
                    return request.response().compose(response -> {
                        assertThat(response.statusCode()).isEqualTo(404);
                        Promise<Throwable> reset = Promise.promise();
                        request.exceptionHandler(reset::tryComplete);
                        response.exceptionHandler(reset::tryComplete);
                        return Future.any(reset.future(), response.end()).map(ended -> true);
                    });
                });
        assertThat(await(neverEnding)).isTrue();
        await(client.close());
    }

    @Test
    void hidesTheTextOfItsOwnFaults() throws Exception {
        var vertx = server.vertx();
        var router = Router.router(vertx);
        var second = Duration.ofSeconds(1);
        var outlet = new Outlet(BodyMemory.ofAnswers(0), second, new Connections(1, second, null));
        router.route().failureHandler(new FailureHandler(new Meters())).handler(ctx -> {
            Exchange.begin(ctx, BodyMemory.ofRequests(0), outlet);
            throw new IllegalStateException("a secret of the server");
        });
        var faulty = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        try (var client = new RawClient(faulty.actualPort())) {
            assertThat(client.post("/", "{}").answer())
                    .startsWith("HTTP/1.1 500")
                    .endsWith("{\"detail\":\"Internal Server Error\"}");
        }
        await(faulty.close());
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type: application/json, Content-Type: text/plain",
        "Content-Encoding: identity, Content-Encoding: gzip"
    })
    void refusesAHeaderThatIsGivenTwice(String first, String second) throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST " + ROUTE + " HTTP/1.1\r\nHost: t\r\n" + first + "\r\n" + second + "\r\nContent-Length: "
                    + GOOD.length() + "\r\n\r\n" + GOOD);
            assertThat(client.answer()).startsWith("HTTP/1.1 415");
        }
    }

    @Test
    void reportsHealth() throws Exception {
        assertThat(server.get("/health/live").body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(server.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
        assertThat(server.get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(server.get("/v2/health/ready").body()).isEqualTo("{\"ready\":true}");
    }
}
