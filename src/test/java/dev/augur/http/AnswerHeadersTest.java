package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer tells, whatever it is to, and what is made where a request has no name. */
class AnswerHeadersTest {
    private static final Pattern NAME = Pattern.compile("(?i)x-request-id: ([0-9a-f]{12}-[0-9a-z]+)\r\n");
    private static final String ROW =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        eventually(() -> server.get("/pipelines/wine").body().contains("\"ready\":true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: t\r\n\r\n",
                "HEAD /metrics HTTP/1.1\r\nHost: t\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n",
                "OPTIONS /v2 HTTP/1.1\r\nHost: t\r\n\r\n",
                "DELETE /v2 HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET noslash HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET /v2 HTTP/1.1\r\n\r\n",
                "GET /v2 HTTP/7\r\nHost: t\r\n\r\n",
                "GET /v2 HTTP/1.1\r\nHost: t\r\nbroken header\r\n\r\n",
                "POST /predict/wine HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx",
                "POST /predict/wine HTTP/1.1\r\nHost: t\r\nContent-Length: 9999999\r\n\r\nx",
                "POST /predict/wine HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
            })
    void everyAnswerHasAName(String request) throws Exception {
        try (var client = new RawClient(server.port())) {
            String head = client.send(request).head();
            assertThat(head).containsPattern(NAME).containsIgnoringCase("x-content-type-options: nosniff\r\n");
        }
    }

    @Test
    void noTwoRequestsHaveTheSame() throws Exception {
        var names = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            names.add(server.get("/v2").headers().firstValue("X-Request-Id").orElseThrow());
        }
        assertThat(names).hasSize(50);
    }

    @Test
    void aRecordIsFoundByTheNameThatWasMade() throws Exception {
        for (String[] request : List.of(
                new String[] {"/v2/models/iris/infer", ROW},
                new String[] {"/predict/wine", "{\"item_id\":43}"},
                new String[] {"/double_recorded", "{\"item_id\":43,\"feature_value\":21}"})) {
            String name = server.post(request[0], request[1])
                    .headers()
                    .firstValue("X-Request-Id")
                    .orElseThrow();
            eventually(() -> server.records().stream()
                    .anyMatch(record -> name.equals(record.getString("client_request_id"))
                            && request[0].equals(record.getString("endpoint"))));
        }
    }

    @Test
    void pagesAreFramedByNobodyAndTellNobodyWhereTheyAre() throws Exception {
        for (String page : List.of("/", "/docs")) {
            var headers = server.get(page).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(headers.firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
        }
        assertThat(server.get("/v2").headers().firstValue("Strict-Transport-Security"))
                .isEmpty();
    }
}
