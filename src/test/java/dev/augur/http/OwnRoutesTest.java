package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.Caller;
import dev.augur.testkit.TestServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes that a program adds: one class, one line. */
class OwnRoutesTest {
    /** Says back what it was sent, in the way that it is told to. */
    private record Echo(HttpMethod method, String path, Function<JsonObject, Future<JsonObject>> reply)
            implements Route<JsonObject, JsonObject> {
        Echo(Function<JsonObject, Future<JsonObject>> reply) {
            this(HttpMethod.POST, "/echo/:who", reply);
        }

        @Override
        public JsonObject decode(IncomingRequest request) {
            return new JsonObject()
                    .put("who", request.pathParameter("who"))
                    .put("times", request.queryParameter("times").orElse("1"))
                    .put("bytes", request.body().length)
                    .put("json", request.json().getNodeType())
                    .put("loop", Context.isOnEventLoopThread());
        }

        @Override
        public Future<JsonObject> answer(JsonObject request, Caller caller) {
            return reply.apply(request);
        }

        @Override
        public Buffer encode(JsonObject answer) {
            return answer.toBuffer();
        }

        @Override
        public Optional<String> recordedAs() {
            return Optional.of("echo");
        }
    }

    @Test
    void isOneClassAndOneLine() throws Exception {
        try (var server = with(new Echo(Future::succeededFuture))) {
            var answer = server.post("/echo/M%C3%BCller?times=2", "{}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("{\"who\":\"Müller\",\"times\":\"2\",\"bytes\":2,\"json\":\"OBJECT\",\"loop\":true}");
            assertThat(server.post("/echo/a?times=2&times=3", "{}").statusCode())
                    .isEqualTo(400);
            assertThat(server.server().routes()).contains("POST /echo/{who}");
            assertThat(server.get("/echo/a").statusCode()).isEqualTo(405);
            eventually(() -> server.records().size() == 2);
            assertThat(server.records())
                    .extracting(record -> record.getString("model") + " " + record.getInteger("http_status"))
                    .containsExactly("echo 200", "echo 400");
        }
    }

    @Test
    void readsALargeBodyOnAWorkerAndRefusesALargerOne() throws Exception {
        try (var server = with(new Echo(Future::succeededFuture))) {
            assertThat(server.post("/echo/a", "[" + " ".repeat(99_998) + "]").body())
                    .endsWith("\"bytes\":100000,\"json\":\"ARRAY\",\"loop\":false}");
            assertThat(server.post("/echo/a", "x".repeat(1_100_000)).statusCode())
                    .isEqualTo(413);
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 0);
        }
    }

    @Test
    void tellsItsFailuresAsAllOthersDo() throws Exception {
        try (var server = with(new Echo(request -> switch (request.getString("who")) {
            case "refused" -> Future.failedFuture(new ServingException(ErrorCode.NOT_FOUND, "nobody of that name"));
            case "thrown" -> throw new IllegalStateException("a secret");
            case "failed" -> Future.failedFuture("a secret");
            default -> Future.succeededFuture();
        }))) {
            assertThat(server.post("/echo/refused", "{}").statusCode()).isEqualTo(404);
            assertThat(server.post("/echo/refused", "{}").body()).isEqualTo("{\"detail\":\"nobody of that name\"}");
            for (String who : List.of("thrown", "failed", "nothing")) {
                var answer = server.post("/echo/" + who, "{}");
                assertThat(answer.statusCode()).as(who).isEqualTo(500);
                assertThat(answer.body()).isEqualTo("{\"detail\":\"Internal Server Error\"}");
            }
        }
    }

    @Test
    void endsWhenItsTimeIsOverAndTakesAnAnswerFromAnyThread() throws Exception {
        var late = new CompletableFuture<JsonObject>();
        Function<JsonObject, Future<JsonObject>> elsewhere = request -> Future.fromCompletionStage(
                request.getString("who").equals("late")
                        ? late
                        : CompletableFuture.supplyAsync(() -> request.put("thread", "another")));
        try (var server = with(new Echo(elsewhere), "http.request-timeout=300ms")) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.post("/echo/a", "{}").body()).contains("another");
            }
            assertThat(server.post("/echo/late", "{}").statusCode()).isEqualTo(504);
            late.complete(new JsonObject());
            assertThat(server.post("/echo/a", "{}").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/echo/a%2Fb?times=1+2,         a/b,   1 2",
        "/echo/a+b?times=1%2B2,         a+b,   1+2",
        "/echo/%E2%82%AC;x=1?times=%26, €;x=1, &",
        "/echo/%2e%2e%2Fme?times=,      ../me, ''",
    })
    void readsItsParametersAsTheyWereMeant(String target, String who, String times) throws Exception {
        try (var server = with(new Echo(Future::succeededFuture))) {
            var answer = new JsonObject(server.post(target, "{}").body());
            assertThat(answer.getString("who")).isEqualTo(who);
            assertThat(answer.getString("times")).isEqualTo(times);
        }
    }

    @Test
    void refusesWhatIsNoJsonAndWhatThereIsNoRoomFor() throws Exception {
        var full = new ServingException(ErrorCode.OVERLOADED, "full");
        try (var server = with(new Echo(request -> Future.failedFuture(full)))) {
            assertThat(server.post("/echo/a", "{\"a\":").body()).contains("json_invalid");
            assertThat(server.post("/echo/a", "{\"a\":").statusCode()).isEqualTo(400);
            var refused = server.post("/echo/a", "{}");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        }
    }

    /** As elsewhere: the one written first wins, so a word before a parameter is fine. */
    @Test
    void aWordMayStandBeforeAParameter() throws Exception {
        var me = new Echo(HttpMethod.POST, "/users/x/:who", request -> Future.succeededFuture(request.put("me", true)));
        var all = new Echo(HttpMethod.POST, "/users/:id/:who", Future::succeededFuture);
        try (var server = TestServer.start(config -> config.with(services -> RouteGroup.of(me, all)))) {
            assertThat(server.post("/users/x/1", "{}").body()).contains("\"me\":true");
            assertThat(server.post("/users/y/1", "{}").body()).doesNotContain("\"me\"");
        }
    }

    @Test
    void itsGroupIsClosedWithTheServer() throws Exception {
        var life = new CopyOnWriteArrayList<String>();
        var group = new RouteGroup() {
            @Override
            public List<Route<?, ?>> routes() {
                return List.of(new Echo(Future::succeededFuture));
            }

            @Override
            public Future<?> deploy(Context context) {
                life.add("opened");
                return Future.succeededFuture();
            }

            @Override
            public Future<?> undeploy(Context context) {
                life.add("closed");
                return Future.succeededFuture();
            }
        };
        try (var server = TestServer.start(config -> config.with(services -> group))) {
            assertThat(server.post("/echo/a", "{}").statusCode()).isEqualTo(200);
            assertThat(life).containsExactly("opened");
        }
        assertThat(life).containsExactly("opened", "closed");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /metrics,          is never reached: GET  /metrics comes first",
        "POST,   /predict/batch,    is never reached: POST /predict/{pipeline} comes first",
        "GET,    /v2/models/:name,  is never reached: GET  /v2/models/{model} comes first",
        "GET,    /v2/models/stats,  is never reached: GET  /v2/models/stats comes first",
        "GET,    items,             cannot be served",
        "GET,    /items/*,          cannot be served",
        "GET,    /items/,           cannot be served",
        "GET,    /,                 cannot be served",
        "HEAD,   /own,              cannot be served",
        "CONNECT, /own,             cannot be served"
    })
    void oneThatWouldNeverBeAskedStopsTheStart(String method, String path, String reason) {
        assertThatThrownBy(() -> with(new Echo(HttpMethod.valueOf(method), path, Future::succeededFuture))
                        .close())
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(reason);
    }

    @Test
    void twoOfTheSamePathAndMethodStopTheStartAndAnotherMethodDoesNot() throws Exception {
        var first = new Echo(HttpMethod.PUT, "/own/:who", Future::succeededFuture);
        try (var server = with(first)) {
            assertThat(server.server().routes()).contains("PUT  /own/{who}");
        }
        assertThatThrownBy(() -> TestServer.start(config -> config.with(
                        services -> RouteGroup.of(first, new Echo(HttpMethod.PUT, "/own/x", first.reply())))))
                .rootCause()
                .hasMessageContaining("PUT  /own/{who} comes first");
    }

    private static TestServer with(Route<?, ?> route, String... settings) throws Exception {
        return TestServer.start(config -> config.with(services -> RouteGroup.of(route)), settings);
    }
}
