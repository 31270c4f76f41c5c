package dev.augur.contract;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /openapi.json} says what the server does, and the server does what it says. */
class OpenApiTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PAGES = "(GET|POST) /(docs|console|lib)?(/.*)?|GET /openapi.json";

    private static TestServer server;
    private static ApiContract contract;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "http.max-body=2KiB",
                "http.max-inference-body=4KiB",
                "double.delay-ms=300",
                "double.workers=1",
                "double.queue=0",
                "demo.fetch-delay=1ms",
                "demo.prediction-delay=1ms",
                "feature-stores.none.kind=timer",
                "feature-stores.none.delay=0ms",
                "pipelines.hole.store=none",
                "pipelines.hole.model=doubler",
                "pipelines.unbound.store=none",
                "pipelines.unbound.model=nothing");
        eventually(() -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
        contract = ApiContract.of(server.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void isADocumentOfOpenApi31() throws Exception {
        contract.requireValid();
        assertThat(contract.document().at("/servers/0/url").asText()).isEqualTo(".");
    }

    @Test
    void describesEveryRouteAndNoOther() {
        var described = new TreeSet<String>();
        contract.operations().stream()
                .filter(operation -> !operation.isOfOne())
                .forEach(operation -> described.add(operation.name()));
        var served = new TreeSet<String>();
        server.server().routes().forEach(route -> served.add(route.replaceAll(" +", " ")));
        served.removeIf(route -> route.matches(PAGES));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void namesEachOperationOnceAndGroupsIt() {
        var names = new HashSet<String>();
        var tags = contract.document().path("tags").findValuesAsText("name");
        assertThat(tags).contains("Tutorial", "Pipelines", "Models (Open Inference Protocol v2)", "Health");
        for (var operation : contract.operations()) {
            assertThat(names.add(operation.told().path("operationId").asText())).isTrue();
            assertThat(operation.told().path("summary").asText()).isNotEmpty();
            assertThat(operation.told().path("tags")).hasSize(1).allSatisfy(tag -> assertThat(tags)
                    .contains(tag.asText()));
        }
        assertThat(contract.document().at("/paths/~1double/post/tags/0").asText())
                .isEqualTo("Other routes");
    }

    @Test
    void whatItShowsToSendIsAnswered() throws Exception {
        int sent = 0;
        for (var operation : contract.operations()) {
            if (operation.isOfOne() && !operation.path().matches("/predict/(hole|unbound)")) {
                contract.requireExample(operation);
                var answer = server.post(operation.path(), operation.example().toString());
                assertThat(answer.statusCode())
                        .as(operation.name() + " " + answer.body())
                        .isEqualTo(200);
                contract.require("POST", operation.path(), answer);
                sent++;
            }
        }
        assertThat(sent).isEqualTo(6 + 2);
        for (String path : new String[] {"/predict_sync", "/predict_with_background", "/v2/repository/index"}) {
            var example = contract.document()
                    .at("/paths/" + path.replace("/", "~1") + "/post/requestBody/content/application~1json/example");
            var answer = server.post(path, example.toString());
            assertThat(answer.statusCode()).isEqualTo(200);
            contract.require("POST", path, answer);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/items/43                          | 200",
                "/items/x                           | 422",
                "/pipelines                         | 200",
                "/pipelines?x=1                     | 400",
                "/pipelines/wine                    | 200",
                "/pipelines/nothing                 | 404",
                "/predictions                       | 200",
                "/predictions?limit=0               | 400",
                "/predictions/nothing               | 404",
                "/schemas/prediction-record.json    | 200",
                "/health/live                       | 200",
                "/health/ready                      | 200",
                "/metrics                           | 200",
                "/v2                                | 200",
                "/v2/health/live                    | 200",
                "/v2/health/ready                   | 200",
                "/v2/models                         | 200",
                "/v2/models/stats                   | 200",
                "/v2/models/iris                    | 200",
                "/v2/models/nothing                 | 404",
                "/v2/models/iris/ready              | 200",
                "/v2/models/iris/config             | 200",
                "/v2/models/iris/stats              | 200",
                "/v2/models/iris/versions/1         | 200",
                "/v2/models/iris/versions/7         | 404",
                "/v2/models/iris/versions/1/ready   | 200",
                "/v2/models/iris/versions/1/config  | 200",
                "/v2/models/iris/versions/1/stats   | 200",
                "/v2/models/iris/infer              | 405",
            })
    void answersAsItSays(String path, int status) throws Exception {
        var answer = server.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        contract.require(status == 405 ? "POST" : "GET", path, answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/predict_sync                      | {                                  | 400",
                "/predict_sync                      | {\"item_id\":\"x\"}                | 422",
                "/predict_full_async                | long                               | 413",
                "/predict/wine                      | {\"item_id\":43}                   | 200",
                "/predict/wine?explain=features     | {\"id\":\"a\",\"item_id\":43}      | 200",
                "/predict/wine                      | {\"id\":null,\"item_id\":43,\"features\":null,\"items\":null} | 200",
                "/predict/wine                      | {\"items\":[]}                     | 422",
                "/predict/wine                      | {\"items\":[{\"item_id\":43},{\"item_id\":77777},{}]} | 200",
                "/predict/wine?explain=nothing      | {\"item_id\":43}                   | 400",
                "/predict/wine                      | {\"item_id\":77777}                | 404",
                "/predict/wine                      | {}                                 | 422",
                "/predict/wine                      | long                               | 413",
                "/predict/hole                      | {\"item_id\":1}                    | 503",
                "/predict/unbound                   | {\"item_id\":1}                    | 503",
                "/predict/nothing                   | {\"item_id\":1}                    | 404",
                "/v2/models/iris/infer              | {                                  | 400",
                "/v2/models/iris/infer              | {\"inputs\":[]}                    | 400",
                "/v2/models/iris/infer              | long                               | 413",
                "/v2/models/nothing/infer           | {\"inputs\":[]}                    | 404",
                "/v2/models/iris/versions/9/infer   | {\"inputs\":[]}                    | 404",
                "/v2/repository/index               | {\"ready\":true}                   | 200",
                "/v2/repository/index               | []                                 | 400",
                "/v2/repository/models/digits/load  | {}                                 | 200",
                "/v2/repository/models/none/load    | {}                                 | 404",
                "/v2/repository/models/none/unload  | {}                                 | 404",
                "/predictions/nothing/outcome       | {\"outcome\":1}                    | 404",
                "/predictions/nothing/outcome       | {}                                 | 422",
                "/predictions/nothing/outcome       | {                                  | 400",
            })
    void answersBodiesAsItSays(String path, String body, int status) throws Exception {
        var answer = server.post(path, body.equals("long") ? "\"" + "x".repeat(5_000) + "\"" : body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        contract.require("POST", path, answer);
    }

    @Test
    void answersWhatItDoesNotReadAsItSays() throws Exception {
        for (String path : new String[] {"/predict_sync", "/predict/wine", "/predictions/x/outcome", "/double"}) {
            var text = post(path, "Content-Type", "text/plain");
            assertThat(text.statusCode()).isEqualTo(415);
            contract.require("POST", path, text);
        }
        var packed = post("/v2/models/iris/infer", "Content-Encoding", "br");
        assertThat(packed.statusCode()).isEqualTo(415);
        contract.require("POST", "/v2/models/iris/infer", packed);
        var late = post("/predict_full_async", "X-Request-Timeout", "never");
        contract.require("POST", "/predict_full_async", late);
    }

    @Test
    void answersTooMuchAsItSays() throws Exception {
        eventually(
                () -> { // of two at once, one finds the only worker taken, whichever comes first
                    var one = server.postAsync("/double", "{\"item_id\":1,\"feature_value\":1}");
                    var other = server.post("/double", "{\"item_id\":1,\"feature_value\":1}");
                    contract.require("POST", "/double", one.join());
                    contract.require("POST", "/double", other);
                    return one.join().statusCode() + other.statusCode() == 200 + 429;
                });
    }

    @Test
    void recordsAreAsItSays() throws Exception {
        var id = ApiContract.JSON
                .readTree(server.post("/predict/wine", "{\"item_id\":43}").body())
                .path("record_id")
                .asText();
        eventually(() -> server.get("/predictions/" + id).statusCode() == 200);
        contract.require("GET", "/predictions/" + id, server.get("/predictions/" + id));
        String path = "/predictions/" + id + "/outcome";
        var told = server.post(path, "{\"outcome\":\"class_1\"}");
        assertThat(told.statusCode()).isEqualTo(200);
        contract.require("POST", path, told);
        contract.require("GET", "/predictions/" + id, server.get("/predictions/" + id));
        contract.require("GET", "/predictions?limit=1", server.get("/predictions?limit=1"));
    }

    private static HttpResponse<String> post(String path, String header, String value) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header(header, value)
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
