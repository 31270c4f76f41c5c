package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What ordinary clients send beside GET and POST of JSON: other methods, other content types, names of requests,
 * origins.
 */
class HttpClientsTest {
    private static final String IRIS =
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final String TUTORIAL = "{\"item_id\":43,\"feature_value\":21.0}";
    private static final String SHOP = "https://shop.example";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.cors.origins=" + SHOP, "http.cors.headers=Content-Type,X-Request-Id");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void headOfEveryRouteIsThatOfGet() throws Exception {
        for (String route : server.server().routes()) {
            if (route.startsWith("GET") && !route.endsWith("/console/stream")) { // which does not end
                var path = route.substring(route.indexOf('/'))
                        .replace("{model}", "iris")
                        .replace("{version}", "1")
                        .replace("{pipeline}", "wine")
                        .replaceAll("\\{[a-z_]+}", "none");
                var get = server.get(path);
                try (var client = new RawClient(server.port())) {
                    client.send("HEAD " + path
                            + " HTTP/1.1\r\nHost: t\r\n\r\nGET /health/live HTTP/1.1\r\nHost: t\r\n\r\n");
                    var head = client.head();
                    assertThat(head).as(path).startsWith("HTTP/1.1 " + get.statusCode());
                    if (!path.equals("/metrics")) { // whose length changes
                        assertThat(head)
                                .as(path)
                                .contains("content-length: " + get.body().getBytes(StandardCharsets.UTF_8).length);
                    }
                    assertThat(client.answer()).as("what follows HEAD " + path).endsWith("{\"status\":\"live\"}");
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OPTIONS | /health/live         | 204 | GET, HEAD, OPTIONS",
                "OPTIONS | /double  | 204 | POST, OPTIONS",
                "OPTIONS | /v2/models/iris/infer | 204 | POST, OPTIONS",
                "OPTIONS | *                    | 204 | POST, GET, HEAD, OPTIONS",
                "OPTIONS | /nothing             | 404 |",
                "PUT     | /v2/models/iris      | 405 | GET, HEAD, OPTIONS",
                "HEAD    | /double  | 405 | POST, OPTIONS",
                "get     | /v2                  | 405 | GET, HEAD, OPTIONS",
            })
    void saysWhatMayBeDone(String method, String target, int status, String allow) throws Exception {
        try (var client = new RawClient(server.port())) {
            var head = client.send(method + " " + target + " HTTP/1.1\r\nHost: t\r\n\r\n")
                    .head();
            assertThat(head).startsWith("HTTP/1.1 " + status);
            if (allow != null) {
                assertThat(head).contains("allow: " + allow + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "application/json; charset=utf8",
                "application/json;charset=UTF-8",
                "application/json; charset=\"utf-8\"",
                "application/json; CharSet = us-ascii",
                "application/json; charset=ascii",
                "application/json; odata=verbose; charset=utf-8",
                "application/vnd.api+json",
                "text/json",
            })
    void everyRouteReadsWhatMeansJson(String type) throws Exception {
        assertThat(status("/double", TUTORIAL, type)).isEqualTo(200);
        assertThat(status("/predict/wine", "{\"item_id\":43}", type)).isEqualTo(200);
        assertThat(status("/v2/models/iris/infer", IRIS, type)).isEqualTo(200);
        assertThat(status("/v2/repository/index", "{\"ready\":true}", type)).isEqualTo(200);
        assertThat(status("/predictions/none/outcome", "{\"outcome\":1}", type)).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json; charset=latin1  | charset \"latin1\" is not served here, expected utf-8 or us-ascii",
                "application/json; charset=utf-16  | charset \"utf-16\" is not served here, expected utf-8 or us-ascii",
                "application/json; charset=klingon | charset \"klingon\" is not served here, expected utf-8 or us-ascii",
                "text/plain | content type \"text/plain\" is not served here, expected application/json",
                "multipart/form-data; boundary=x | content type \"multipart/form-data; boundary=x\" is not served here, expected application/json",
            })
    void everyRouteRefusesTheSame(String type, String reason) throws Exception {
        for (String route : new String[] {"/double", "/predict/wine", "/predictions/none/outcome"}) {
            var answer =
                    server.postBytes(route, TUTORIAL.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", type));
            assertThat(answer.statusCode()).isEqualTo(415);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(reason.replace("\"", "\\\""));
        }
        assertThat(status("/v2/models/iris/infer", IRIS, type)).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "text/plain", "application/json; charset=klingon", "nonsense"})
    void repositoryTakesAnyContentType(String type) throws Exception {
        assertThat(status("/v2/repository/index", "", type)).isEqualTo(200);
        assertThat(status("/v2/repository/models/iris/load", "", type)).isEqualTo(200);
        assertThat(status("/v2/repository/models/iris/load", "{}", type)).isEqualTo(200);
        assertThat(status("/v2/repository/models/nothing/unload", "", type)).isEqualTo(404);
    }

    @Test
    void aNameThatNoModelCanHaveIsUnknown() throws Exception {
        for (String name : new String[] {"%00", "a%00b", "%2e%2e", "a%2fb", "%5c"}) {
            for (String verb : new String[] {"load", "unload"}) {
                assertThat(status("/v2/repository/models/" + name + "/" + verb, "", "application/json"))
                        .as(verb + " " + name)
                        .isEqualTo(404);
            }
        }
    }

    @Test
    void aRequestKeepsItsName() throws Exception {
        assertThat(echoed("/v2", "order-66")).contains("X-Request-Id: order-66\r\n");
        assertThat(echoed("/nothing", "7f:3")).startsWith("HTTP/1.1 404").contains("X-Request-Id: 7f:3\r\n");
        for (String none : new String[] {"a".repeat(129), "two words", "caf\u00e9", "a\tb", ""}) {
            assertThat(echoed("/v2", none))
                    .startsWith("HTTP/1.1 200")
                    .containsPattern("X-Request-Id: [0-9a-f]{12}-[0-9a-z]+\r\n");
        }
    }

    @Test
    void aPreflightIsAnsweredToListedOriginsAlone() throws Exception {
        var preflight = "OPTIONS /double HTTP/1.1\r\nHost: t\r\nOrigin: %s\r\n"
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n";
        try (var listed = new RawClient(server.port());
                var other = new RawClient(server.port());
                var open = TestServer.start("http.cors.origins=*");
                var anybody = new RawClient(open.port())) {
            assertThat(listed.send(String.format(preflight, SHOP)).head())
                    .startsWith("HTTP/1.1 204")
                    .contains("access-control-allow-origin: " + SHOP)
                    .containsPattern("access-control-allow-methods: [A-Z,]*POST")
                    .containsPattern("access-control-allow-headers: .*Content-Type");
            assertThat(other.send(String.format(preflight, "https://elsewhere.example"))
                            .head())
                    .doesNotContain("access-control-allow")
                    .contains("vary: origin");
            assertThat(anybody.send(String.format(preflight, "null")).head())
                    .contains("access-control-allow-origin: *");
        }
    }

    @Test
    void pagesOfListedOriginsReadEveryHeaderThatIsDocumented() throws Exception {
        try (var client = new RawClient(server.port())) {
            var head = client.send("GET /v2 HTTP/1.1\r\nHost: t\r\nOrigin: " + SHOP + "\r\n\r\n")
                    .head();
            var exposed = head.lines()
                    .filter(line -> line.startsWith("access-control-expose-headers: "))
                    .flatMap(line -> Stream.of(line.split(": ", 2)[1].split(", ?")));
            assertThat(exposed)
                    .containsExactlyInAnyOrder(
                            "Allow",
                            "ETag",
                            "Inference-Header-Content-Length",
                            "Retry-After",
                            "Server-Timing",
                            "WWW-Authenticate",
                            "X-Augur-Missing",
                            "X-Augur-Node",
                            "X-Request-Id");
        }
    }

    @Test
    void anErrorCarriesThePermissionToReadIt() throws Exception {
        for (String request : new String[] {
            "GET /nothing HTTP/1.1",
            "PUT /v2 HTTP/1.1",
            "GET /v2/models/%zz HTTP/1.1",
            "GET /v2/models/unknown HTTP/1.1"
        }) {
            try (var client = new RawClient(server.port())) {
                assertThat(client.send(request + "\r\nHost: t\r\nOrigin: " + SHOP + "\r\n\r\n")
                                .head())
                        .startsWith("HTTP/1.1 4")
                        .contains("access-control-allow-origin: " + SHOP)
                        .contains("access-control-expose-headers: ");
            }
        }
    }

    @Test
    void withoutASettingNoOriginIsPermitted() throws Exception {
        try (var plain = TestServer.start();
                var client = new RawClient(plain.port())) {
            assertThat(client.send("GET /v2 HTTP/1.1\r\nHost: t\r\nOrigin: " + SHOP + "\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("access-control");
        }
    }

    @Test
    void headsAreServedAndLimitedOverHttp2() throws Exception {
        var client = server.vertx()
                .createHttpClient(new io.vertx.core.http.HttpClientOptions()
                        .setProtocolVersion(io.vertx.core.http.HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
        var answer = await(client.request(HttpMethod.HEAD, server.port(), "127.0.0.1", "/v2")
                .compose(request -> request.send()));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.getHeader("content-length")).isNotNull();
        var large = await(client.request(HttpMethod.POST, server.port(), "127.0.0.1", "/v2/models/iris/infer")
                .compose(request -> request.putHeader("x", "a".repeat(90_000)).send(IRIS))
                .compose(response -> {
                    assertThat(response.statusCode()).isEqualTo(431);
                    return response.body();
                }));
        assertThat(large.toString()).contains("the headers are larger than http.max-headers, 65536 bytes");
        await(client.close());
    }

    private static String echoed(String path, String id) throws Exception {
        try (var client = new RawClient(server.port())) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: t\r\nX-Request-Id: " + id + "\r\n\r\n")
                    .head();
        }
    }

    private static int status(String path, String body, String type) throws Exception {
        return server.postBytes(path, body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", type))
                .statusCode();
    }
}
