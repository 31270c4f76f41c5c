package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.config.ConfigLoader;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port for those who look after the server: what is there is not where clients are. */
class ManagementPortTest {
    private static TestServer server;
    private static String management;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("management.port=0");
        management = server.server().managementUrl().orElseThrow();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/cluster",
                "/predictions",
                "/schemas/prediction-record.json",
                "/",
                "/console/main.js",
                "/lib/lit-html/lit-html.js"
            })
    void answersWhatClientsAreNotTold(String path) throws Exception {
        assertThat(answer("GET", management + path, "").statusCode()).isEqualTo(200);
        var hidden = server.get(path);
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body()).isEqualTo("{\"detail\":\"Not Found\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/repository/index, 200, error",
        "/v2/repository/models/iris/load, 200, error",
        "/v2/repository/models/nobody/unload, 404, error",
        "/predictions/00000000-0000-0000-0000-000000000000/outcome, 404, detail",
        "/console/runs, 422, detail",
    })
    void doesWhatClientsMayNot(String path, int status, String field) throws Exception {
        assertThat(answer("POST", management + path, "{\"outcome\":1}").statusCode())
                .isEqualTo(status);
        var hidden = server.post(path, "{\"outcome\":1}");
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body()).isEqualTo("{\"" + field + "\":\"Not Found\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live",
                "/health/ready",
                "/v2/health/live",
                "/v2/health/ready",
                "/v2",
                "/v2/models/iris",
                "/docs"
            })
    void theRestIsAtBoth(String path) throws Exception {
        assertThat(server.get(path).statusCode()).isEqualTo(200);
        assertThat(answer("GET", management + path, "").statusCode()).isEqualTo(200);
    }

    @Test
    void eachDescribesWhatItHas() throws Exception {
        var ofClients = paths(server.server().url().orElseThrow());
        assertThat(ofClients.fieldNames())
                .contains("/health/live", "/v2/models/{model}/infer")
                .doesNotContain("/metrics", "/predictions", "/v2/repository/index", "/cluster");
        assertThat(paths(management).fieldNames())
                .containsAll(ofClients.fieldNames())
                .contains("/metrics", "/predictions", "/v2/repository/index", "/cluster");
    }

    @Test
    void theConsoleRunsRequestsThere() throws Exception {
        var run = "{\"run\":\"console-a\",\"path\":\"/predict/wine\",\"requests\":3,\"bodies\":[{\"item_id\":43}]}";
        assertThat(answer("POST", management + "/console/runs", run).body()).contains("\"statuses\":{\"200\":3}");
    }

    @ParameterizedTest
    @CsvSource({
        "http.management-port=1, http.management-port is called management.port now",
        "management.host=127.0.0.1, management.host: without management.port nothing listens there",
        "management.port=70000, 'management.port: \"70000\" is not allowed, expected none, or an integer from 0 to 65535'",
        "management.port=8000, 'management.port: 8000 is http.port, too'",
        "management.port=1 management.host=0.0.0.0, 'management.host: other machines can reach 0.0.0.0'",
        "management.port=1 http.host=0.0.0.0, 'http.host: other machines can reach 0.0.0.0'",
        "roles=log management.host=::, 'management.host: other machines can reach ::'",
    })
    void saysWhatCannotBe(String settings, String problem) {
        assertThatThrownBy(() -> ConfigLoader.load(Map.of(), flags(settings)))
                .message()
                .contains(problem)
                .satisfies(all -> assertThat(all.lines()).hasSize(1));
    }

    @Test
    void aVariableThatHasLostItsSettingIsAProblem() {
        assertThatThrownBy(() -> ConfigLoader.load(Map.of("AUGUR_HTTP_MANAGEMENT_PORT", "1"), Map.of()))
                .hasMessageContaining("http.management-port is called management.port now");
    }

    @Test
    void eachPortHasTheRuleOfItsAddress() {
        var open = ConfigLoader.load(
                Map.of(), flags("http.host=0.0.0.0 management.port=1 management.host=127.0.0.1 access=none"));
        assertThat(open.http().management().orElseThrow().host()).isEqualTo("127.0.0.1");
        assertThat(ConfigLoader.load(Map.of(), flags("management.port=1"))
                        .http()
                        .management()
                        .orElseThrow()
                        .host())
                .isEqualTo("127.0.0.1");
        // Where a node has no port for clients, its address is of no concern.
        assertThat(ConfigLoader.load(Map.of(), flags("roles=log http.host=0.0.0.0 management.host=localhost"))
                        .access()
                        .isChecked())
                .isFalse();
    }

    private static Map<String, String> flags(String settings) {
        var flags = new HashMap<String, String>();
        for (String setting : settings.split(" ", -1)) {
            flags.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
        }
        return flags;
    }

    private static JsonObject paths(String url) throws Exception {
        return new JsonObject(answer("GET", url + "/openapi.json", "").body()).getJsonObject("paths");
    }

    private static HttpResponse<String> answer(String method, String url, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
