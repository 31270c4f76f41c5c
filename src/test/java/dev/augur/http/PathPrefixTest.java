package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.client.AugurClient;
import dev.augur.client.Endpoint;
import dev.augur.config.ConfigLoader;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything is below a path, and nothing beside it. */
class PathPrefixTest {
    private static final String BASE = "/ml/augur-1";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("http.base-path=" + BASE, "http.cors.origins=https://shop.example");
        eventually(() -> server.get("/pipelines/wine").body().contains("\"ready\":true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /ml/augur-1/v2                   | 200",
                "GET  | /ml/augur-1/v2/models/iris       | 200",
                "GET  | /ml/augur-1/health/ready         | 200",
                "HEAD | /ml/augur-1/metrics              | 200",
                "GET  | /ml/augur-1/predictions?limit=1  | 200",
                "GET  | /ml/augur-1/predictions?nonsense=1 | 400",
                "GET  | /ml/augur-1/                     | 200",
                "GET  | /ml/augur-1/docs                 | 200",
                "GET  | /ml/augur-1/docs/docs.js         | 200",
                "GET  | http://t/ml/augur-1/v2           | 200",
                "GET  | /ml/augur-1/%zz                  | 400",
                "OPTIONS | /ml/augur-1/v2                | 204",
                "OPTIONS | *                             | 204",
                "GET  | /ml/augur-1                      | 308",
                "GET  | /                                | 404",
                "GET  | /v2                              | 404",
                "GET  | /metrics                         | 404",
                "GET  | /health/live                     | 404",
                "GET  | /ml/augur-10/v2                  | 404",
                "GET  | /ml/augur-1v2                    | 404",
                "GET  | /ml/AUGUR-1/v2                   | 404",
                "GET  | /x/../ml/augur-1/v2              | 404",
                "GET  | /ml/augur-1/ml/augur-1/v2        | 404",
            })
    void isTakenOff(String method, String target, int status) throws Exception {
        try (var client = new RawClient(server.port())) {
            assertThat(client.send(method + " " + target + " HTTP/1.1\r\nHost: t\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void refusesWithTheFormOfTheRoute() throws Exception {
        try (var client = new RawClient(server.port())) {
            assertThat(client.send("GET /v2/models HTTP/1.1\r\nHost: t\r\n\r\n").answer())
                    .endsWith("{\"error\":\"Not Found\"}");
        }
        assertThat(server.get("/v2/models/nobody").body()).startsWith("{\"error\":");
        assertThat(server.get("/").body()).contains("href=\"console/icon.svg\"");
        try (var client = new RawClient(server.port())) {
            assertThat(client.send("GET " + BASE + " HTTP/1.1\r\nHost: t\r\n\r\n")
                            .head())
                    .contains("location: augur-1/\r\n");
        }
    }

    @Test
    void recordsAndMetersHaveThePathsOfTheTable() throws Exception {
        String name = server.post("/predict/wine", "{\"item_id\":43}")
                .headers()
                .firstValue("X-Request-Id")
                .orElseThrow();
        eventually(() -> server.records().stream()
                .anyMatch(record -> name.equals(record.getString("client_request_id"))
                        && "/predict/wine".equals(record.getString("endpoint"))));
        assertThat(server.get("/metrics").body())
                .contains("route=\"/predict/:pipeline\"")
                .doesNotContain(BASE);
    }

    @Test
    void everyLinkOfAPageIsRelative() throws Exception {
        assertThat(new JsonObject(server.get("/openapi.json").body())
                        .getJsonArray("servers")
                        .getJsonObject(0)
                        .getString("url"))
                .isEqualTo(".");
        var page = URI.create(server.server().url().orElseThrow() + "/");
        var links = Pattern.compile("(?:href|src)=\"([^\"#]+)\"")
                .matcher(server.get("/").body());
        while (links.find()) {
            var target = page.resolve(links.group(1));
            assertThat(server.get(target.getPath().substring(BASE.length())).statusCode())
                    .as(links.group(1))
                    .isEqualTo(200);
        }
    }

    @Test
    void theConsoleAndTheClientFindIt() throws Exception {
        var run = "{\"run\":\"console-a\",\"path\":\"/predict/wine\",\"requests\":3,\"bodies\":[{\"item_id\":43}]}";
        assertThat(server.post("/console/runs", run).body()).contains("\"statuses\":{\"200\":3}");
        assertThat(server.get("/cluster").body())
                .contains("\"url\":\"" + server.server().url().orElseThrow());
        var endpoint = Endpoint.of(server.server().url().orElseThrow() + "/");
        var client = AugurClient.overHttp(server.vertx(), endpoint);
        try {
            var answer = await(client.predict("wine", new JsonObject().put("item_id", 43)));
            assertThat(answer.encode()).contains("record_id");
        } finally {
            await(client.close());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"augur", "/augur/", "//augur", "/a/../b", "/.", "/a b", "/a?b", "/a%2fb", "/:model", ""})
    void isAPathThatEverybodyReadsInOneWay(String path) {
        assertThatThrownBy(() -> ConfigLoader.load(Map.of(), Map.of("http.base-path", path)))
                .hasMessageContaining("http.base-path");
    }
}
