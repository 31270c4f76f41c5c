package dev.augur.contract;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.http.IncomingRequest;
import dev.augur.http.Route;
import dev.augur.http.RouteGroup;
import dev.augur.request.Caller;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /openapi.json} on nodes of every kind, while models come and go. */
class OpenApiLifeTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Path ODD = Path.of("src/test/resources/repository");

    @Test
    void followsLoadsAndUnloads() throws Exception {
        try (var server = TestServer.start()) {
            var before = server.get("/openapi.json");
            assertThat(ApiContract.of(before.body())
                            .document()
                            .at("/paths/~1v2~1models~1iris~1infer/post/summary")
                            .asText())
                    .isEqualTo("Inference by iris, version 1");
            server.post("/v2/repository/models/iris/unload", "{}");
            var without = server.get("/openapi.json");
            assertThat(without.body()).doesNotContain("/v2/models/iris/infer");
            assertThat(without.headers().firstValue("etag"))
                    .isNotEqualTo(before.headers().firstValue("etag"));
            ApiContract.of(without.body()).requireValid();
            server.post("/v2/repository/models/iris/load", "{}");
            assertThat(server.get("/openapi.json").body()).isEqualTo(before.body());
        }
    }

    @Test
    void isWholeForEverybodyWhileModelsComeAndGo() throws Exception {
        try (var server = TestServer.start()) {
            for (int round = 0; round < 10; round++) {
                var change =
                        server.postAsync("/v2/repository/models/iris/" + (round % 2 == 0 ? "unload" : "load"), "{}");
                var asked = Stream.generate(() -> server.getAsync("/openapi.json"))
                        .limit(20)
                        .toList();
                assertThat(change.join().statusCode()).isEqualTo(200);
                for (var answer : asked) {
                    assertThat(answer.join().statusCode()).isEqualTo(200);
                    assertThat(ApiContract.of(answer.join().body()).operations())
                            .hasSizeGreaterThan(30);
                }
                assertThat(server.get("/openapi.json").body().contains("/v2/models/iris/infer"))
                        .isEqualTo(round % 2 == 1);
            }
        }
    }

    @Test
    void tellsWhyAPipelineIsNotReady() throws Exception {
        try (var server = TestServer.start()) {
            eventually(() -> server.get("/openapi.json").body().contains("\"value\":{\"item_id\":"));
            server.post("/v2/repository/models/wine/unload", "{}");
            var wine = ApiContract.of(server.get("/openapi.json").body())
                    .document()
                    .at("/paths/~1predict~1wine/post/description")
                    .asText();
            assertThat(wine).contains("**Not ready:** ").contains("version 2 was unloaded");
        }
    }

    /** Of every datatype and shape there is a model; whatever one has as its example is answered. */
    @Test
    void whatModelsOfEveryKindShowIsAnswered() throws Exception {
        try (var server = TestServer.start("models.repository=" + ODD)) {
            var contract = ApiContract.of(server.get("/openapi.json").body());
            contract.requireValid();
            int shown = 0;
            for (var operation : contract.operations()) {
                if (operation.told().has("x-augur-model")
                        && !operation.example().isMissingNode()) {
                    contract.requireExample(operation);
                    var answer =
                            server.post(operation.path(), operation.example().toString());
                    assertThat(answer.statusCode())
                            .as(operation.name() + " " + operation.example() + " " + answer.body())
                            .isEqualTo(200);
                    contract.require("POST", operation.path(), answer);
                    shown++;
                }
            }
            assertThat(shown).isGreaterThan(25);
            var root = contract.document().at("/paths/~1v2~1models~1broken_nan~1infer/post/requestBody/content");
            assertThat(root.at("/application~1json/example/inputs/0/data/0").asInt())
                    .isEqualTo(1); // its answer to 0 is no number
        }
    }

    @Test
    void namesOfAllKindsAreNoTrouble(@TempDir Path repository) throws Exception {
        for (String name :
                List.of("a b", "a-b", "a_b", "{model}", "<b>é'", "%2e%2e", "!`x`<img src=x onerror=alert(1)>")) {
            for (String version : List.of("1", "3")) {
                var folder = Files.createDirectories(repository.resolve(name).resolve(version));
                Files.copy(ODD.resolve("doubler/1/model.onnx"), folder.resolve("model.onnx"));
            }
        }
        try (var server = TestServer.start("models.repository=" + repository, "models.versions=all")) {
            var contract = ApiContract.of(server.get("/openapi.json").body());
            contract.requireValid();
            var names = contract.operations().stream()
                    .map(operation -> operation.told().path("operationId").asText())
                    .toList();
            assertThat(names).doesNotHaveDuplicates();
            assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9_]+"));
            int asked = 0;
            for (var operation : contract.operations()) {
                if (operation.told().has("x-augur-model")) {
                    var answer =
                            server.post(operation.path(), operation.example().toString());
                    assertThat(answer.statusCode())
                            .as(operation.name() + answer.body())
                            .isEqualTo(200);
                    assertThat(ApiContract.JSON.readTree(answer.body()).path("model_version"))
                            .isEqualTo(operation.told().at("/x-augur-model/version"));
                    asked++;
                }
            }
            assertThat(asked).isEqualTo(7 * 2);
            var parameters = contract.document().path("components").path("parameters");
            assertThat(parameters.at("/Model/example").asText()).isEqualTo("a b"); // which means nothing in Markdown
        }
    }

    /** A route that says what it takes and yields, and one that says nothing. */
    private record Greeting(String path, JsonObject operation) implements Route<String, JsonObject> {
        @Override
        public HttpMethod method() {
            return HttpMethod.GET;
        }

        @Override
        public String decode(IncomingRequest request) {
            return request.pathParameter("who");
        }

        @Override
        public Future<JsonObject> answer(String who, Caller caller) {
            return Future.succeededFuture(new JsonObject().put("greeting", who));
        }

        @Override
        public Buffer encode(JsonObject answer) {
            return answer.toBuffer();
        }
    }

    @Test
    void aRouteOfOnesOwnIsDescribedByItself() throws Exception {
        var told = new JsonObject().put("summary", "Greets").put("tags", new JsonArray().add("Greetings"));
        var group =
                RouteGroup.of(new Greeting("/hello/:who", told), new Greeting("/silent/:who/:how", new JsonObject()));
        try (var server = TestServer.start(config -> config.with(services -> group))) {
            var contract = ApiContract.of(server.get("/openapi.json").body());
            contract.requireValid();
            var hello = contract.document().at("/paths/~1hello~1{who}/get");
            assertThat(hello.path("summary").asText()).isEqualTo("Greets");
            assertThat(hello.at("/tags/0").asText()).isEqualTo("Greetings");
            assertThat(hello.at("/parameters/0/name").asText()).isEqualTo("who");
            var silent = contract.document().at("/paths/~1silent~1{who}~1{how}/get");
            assertThat(silent.path("operationId").asText()).isEqualTo("get_silent_who_how_");
            assertThat(silent.path("parameters").findValuesAsText("name")).containsExactly("who", "how");
            assertThat(silent.path("responses").has("404")).isTrue();
            contract.require("GET", "/hello/you", server.get("/hello/you"));
        }
    }

    @Test
    void isServedToBrowsersAndCachesAndNotWhereItIsSwitchedOff() throws Exception {
        try (var server = TestServer.start("http.instances=1")) {
            for (String path : List.of("/openapi.json", "/docs", "/docs/docs.js")) {
                var whole = ask(server, "GET", path);
                var head = ask(server, "HEAD", path);
                assertThat(head.statusCode()).as(path).isEqualTo(200);
                assertThat(head.headers().firstValueAsLong("content-length"))
                        .hasValue(whole.body().getBytes(StandardCharsets.UTF_8).length);
                String tag = whole.headers().firstValue("etag").orElseThrow();
                assertThat(ask(server, "GET", path, "If-None-Match", tag).statusCode())
                        .isEqualTo(304);
                var options = ask(server, "OPTIONS", path);
                assertThat(options.statusCode()).isEqualTo(204);
                assertThat(options.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
                assertThat(ask(server, "POST", path).statusCode()).isEqualTo(405);
            }
            assertThat(ask(server, "GET", "/docs/swagger-ui/swagger-ui-bundle.js")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(ask(server, "GET", "/docs/").headers().firstValue("location"))
                    .contains("../docs");
            assertThat(server.get("/openapi.json").body()).doesNotContain("/docs", "/openapi.json");
        }
        try (var server = TestServer.start("http.docs=false")) {
            for (String path : List.of("/openapi.json", "/docs", "/docs/docs.js")) {
                assertThat(ask(server, "GET", path).statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void saysWhatWhoAsksMustBeAllowed(@TempDir Path folder) throws Exception {
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        var key = keys.create(new Principal("reader", Grants.known(List.of("read"))), null);
        try (var server = TestServer.start("access.keys=" + keys.path())) {
            assertThat(ask(server, "GET", "/docs").statusCode()).isEqualTo(401);
            var contract = ApiContract.of(
                    ask(server, "GET", "/openapi.json", "X-API-Key", key).body());
            contract.requireValid();
            var paths = contract.document().path("paths");
            assertThat(paths.at("/~1v2~1models~1iris~1infer/post/security").toString())
                    .isEqualTo("[{\"Bearer\":[\"predict\"]},{\"ApiKey\":[\"predict\"]}]");
            assertThat(paths.at("/~1v2~1repository~1models~1{model}~1load/post/security/0/Bearer/0")
                            .asText())
                    .isEqualTo("admin");
            assertThat(paths.at("/~1health~1ready/get").has("security")).isFalse();
            var unknown = ask(server, "POST", "/v2/models/iris/infer");
            assertThat(unknown.statusCode()).isEqualTo(401);
            contract.require("POST", "/v2/models/iris/infer", unknown);
            var denied = ask(server, "POST", "/predict/wine", "Authorization", "Bearer " + key);
            assertThat(denied.statusCode()).isEqualTo(403);
            contract.require("POST", "/predict/wine", denied);
        }
        try (var server = TestServer.start()) {
            assertThat(server.get("/openapi.json").body()).doesNotContain("securitySchemes", "\"security\"");
        }
    }

    private static HttpResponse<String> ask(TestServer server, String method, String path, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
