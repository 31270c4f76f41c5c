package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Heads of requests as attackers, old programs and broken ones send them: each gets an answer of its own fault, none
 * the server's.
 */
class RequestHeadTest {
    private static final int REQUESTS = 3_000;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.body-timeout=500ms");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST /v2/models/iris/infer?%zz HTTP/1.1\\r\\nHost: t | 400 | the query is not UTF-8 in valid percent-encoding",
                "POST /predict/wine?explain=% HTTP/1.1\\r\\nHost: t | 400 | the query is not UTF-8 in valid percent-encoding",
                "GET /predictions?model=%c0%af HTTP/1.1\\r\\nHost: t | 400 | the query is not UTF-8 in valid percent-encoding",
                "GET /pred%ict HTTP/1.1\\r\\nHost: t | 400 | the path is not UTF-8 in valid percent-encoding",
                "GET /v2/models/%c0%af HTTP/1.1\\r\\nHost: t | 400 | the path is not UTF-8 in valid percent-encoding",
                "GET /v2/models/%00 HTTP/1.1\\r\\nHost: t | 404 |",
                "GET /v2/models/gr%C3%BCn HTTP/1.1\\r\\nHost: t | 404 | grün",
                "GET /v2 HTTP/1.1\\r\\nHost: a\\r\\nHost: b | 400 | the header Host is given 2 times",
                "GET /v2 HTTP/1.1\\r\\nHost: | 400 | the header Host is missing or empty",
                "GET /v2 HTTP/1.1 | 400 | Host",
                "GET /v2 HTTP/1.0 | 200 |",
                "GET /v2 HTTP/1.1\\r\\nHost: t\\r\\n: x | 400 | a header has no name",
                "GET /v2 HTTP/1.1\\r\\nHost : t | 400 |",
                "GET /v2 HTTP/1.1\\r\\nHost: t\\r\\nX: a\\r\\n b | 200 |",
                "GET /v2 HTTP/1.1\\r\\nHost: t\\r\\nX: a\\nY: b | 400 |",
                "POST /v2 HTTP/1.1\\r\\nHost: t\\r\\nTransfer-Encoding: chunked, xchunked | 400 |",
                "POST /v2 HTTP/1.1\\r\\nHost: t\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length: 3 | 400 |",
                "POST /v2 HTTP/1.1\\r\\nHost: t\\r\\nContent-Length: -1 | 400 |",
                "POST /v2 HTTP/1.1\\r\\nHost: t\\r\\nContent-Length: 1\\r\\nContent-Length: 2 | 400 |",
                "GET /v2 HTTP/1.2\\r\\nHost: t | 400 | this version of HTTP is not served",
                "GET /v2 HTTP/2.5\\r\\nHost: t | 400 | this version of HTTP is not served",
                "GET /v2 FTP/1.1\\r\\nHost: t | 400 | this version of HTTP is not served",
                "GET /v2 JUNK\\r\\nHost: t | 400 |",
                "GET http://t/v2 HTTP/1.1\\r\\nHost: t | 200 |",
                "GET //v2/models/iris HTTP/1.1\\r\\nHost: t | 200 |",
                "GET /v2/ HTTP/1.1\\r\\nHost: t | 200 |",
                "GET /v2/models/iris/ HTTP/1.1\\r\\nHost: t | 200 |",
                "PUT /v2 HTTP/1.1\\r\\nHost: t | 405 | Method Not Allowed",
            })
    void saysWhoseFaultItIs(String head, int status, String reason) throws Exception {
        try (var client = new RawClient(server.port())) {
            var answer = client.send(head.translateEscapes() + "\r\n\r\n").answer();
            assertThat(answer).containsPattern("^[A-Z]+/\\d\\.\\d " + status).endsWith("}");
            if (reason != null) {
                assertThat(answer).contains(reason);
            }
        }
    }

    @Test
    void aTargetThatCannotBeDecodedHasARecord() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("POST /v2/models/iris/infer?%zy HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.answer()).startsWith("HTTP/1.1 400");
        }
        eventually(() -> server.records().stream()
                .anyMatch(record -> "CLIENT_ERROR".equals(record.getString("status"))
                        && String.valueOf(record.getString("error")).contains("percent-encoding")));
    }

    @Test
    void takesTheTokensOfCompanies() throws Exception {
        try (var client = new RawClient(server.port())) {
            client.send("GET /v2 HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer " + "a".repeat(60_000) + "\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void noHeadIsAFaultOfTheServer() throws Exception {
        var random = new Random(11);
        for (int i = 0; i < REQUESTS; i++) {
            String head = FuzzedHead.of(random);
            try (var client = new RawClient(server.port())) {
                client.send(head).sendNoMore();
                var answer = client.head();
                assertThat(answer).as("head " + i + ": " + head).doesNotContainPattern("^[A-Z]+/\\S+ 5\\d\\d");
            }
        }
        assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
    }
}
