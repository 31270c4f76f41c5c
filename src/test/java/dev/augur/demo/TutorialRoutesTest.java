package dev.augur.demo;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TutorialRoutesTest {
    private static final String[] ROUTES = {
        "/predict_sync", "/predict_async_io", "/predict_full_async", "/predict_with_background"
    };
    private static final String GOOD = "{\"item_id\":43,\"feature_value\":21.0}";

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DemoServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answerAsInTheTutorial() throws Exception {
        assertThat(server.post(ROUTES[0], GOOD).body())
                .isEqualTo("{\"item_id\":43,\"metadata\":\"some_fetched_value\",\"prediction\":42.0}");
        for (String route : List.of(ROUTES[1], ROUTES[2], ROUTES[3])) {
            var answer = server.post(route, GOOD);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.body())
                    .isEqualTo("{\"item_id\":43,\"metadata\":\"some_fetched_value_async\",\"prediction\":42.0}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"feature_value\":21,\"item_id\":43}",
                "{\"item_id\":43.0,\"feature_value\":2.1e1,\"unknown\":[{\"x\":null}]}",
                " {\"item_id\" : 43 , \"feature_value\" : 21 } \n"
            })
    void takeWhatMeansTheSame(String body) throws Exception {
        assertThat(new JsonObject(server.post(ROUTES[2], body).body()).getDouble("prediction"))
                .isEqualTo(42.0);
    }

    static Stream<Arguments> wrongFields() {
        return Stream.of(
                Arguments.of("", "body", "missing"),
                Arguments.of("null", "body", "missing"),
                Arguments.of("[1]", "body", "model_attributes_type"),
                Arguments.of("\"text\"", "body", "model_attributes_type"),
                Arguments.of("{}", "item_id", "missing"),
                Arguments.of("{\"item_id\":1}", "feature_value", "missing"),
                Arguments.of("{\"item_id\":\"12\",\"feature_value\":1}", "item_id", "int_type"),
                Arguments.of("{\"item_id\":true,\"feature_value\":1}", "item_id", "int_type"),
                Arguments.of("{\"item_id\":null,\"feature_value\":1}", "item_id", "int_type"),
                Arguments.of("{\"item_id\":{\"a\":[1]},\"feature_value\":1}", "item_id", "int_type"),
                Arguments.of("{\"item_id\":1.5,\"feature_value\":1}", "item_id", "int_from_float"),
                Arguments.of("{\"item_id\":9223372036854775808,\"feature_value\":1}", "item_id", "int_parsing_size"),
                Arguments.of("{\"item_id\":NaN,\"feature_value\":1}", "item_id", "finite_number"),
                Arguments.of("{\"item_id\":1,\"item_id\":2,\"feature_value\":1}", "item_id", "duplicate_key"),
                Arguments.of("{\"item_id\":1,\"feature_value\":\"1\"}", "feature_value", "float_type"),
                Arguments.of("{\"item_id\":1,\"feature_value\":[1]}", "feature_value", "float_type"),
                Arguments.of("{\"item_id\":1,\"feature_value\":NaN}", "feature_value", "finite_number"),
                Arguments.of("{\"item_id\":1,\"feature_value\":Infinity}", "feature_value", "finite_number"),
                Arguments.of("{\"item_id\":1,\"feature_value\":-Infinity}", "feature_value", "finite_number"),
                Arguments.of("{\"item_id\":1,\"feature_value\":1e400}", "feature_value", "finite_number"),
                Arguments.of("{\"item_id\":1,\"feature_value\":1e308}", "feature_value", "less_than_equal"));
    }

    @ParameterizedTest
    @MethodSource("wrongFields")
    void nameTheFieldThatIsWrong(String body, String field, String type) throws Exception {
        for (String route : ROUTES) {
            var answer = server.post(route, body);
            assertThat(answer.statusCode()).isEqualTo(422);
            var detail = new JsonObject(answer.body()).getJsonArray("detail").getJsonObject(0);
            assertThat(detail.fieldNames()).containsExactly("type", "loc", "msg", "input");
            assertThat(detail.getString("type")).isEqualTo(type);
            assertThat(detail.getJsonArray("loc")
                            .getList()
                            .get(detail.getJsonArray("loc").size() - 1))
                    .isEqualTo(field);
        }
    }

    @Test
    void nameEveryFieldThatIsWrong() throws Exception {
        var details = new JsonObject(server.post(ROUTES[2], "{\"item_id\":1.5,\"feature_value\":\"x\"}")
                        .body())
                .getJsonArray("detail");
        assertThat(details).hasSize(2);
        assertThat(details.getJsonObject(0).getDouble("input")).isEqualTo(1.5);
        assertThat(details.getJsonObject(1).getString("input")).isEqualTo("x");
    }

    static Stream<byte[]> noJson() {
        return Stream.of(
                        "hello",
                        "{\"item_id\":1",
                        GOOD + "x",
                        GOOD + GOOD,
                        "{\"item_id\":" + "[".repeat(10_000),
                        "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                        "{\"item_id\":" + "9".repeat(70_000) + ",\"feature_value\":1}",
                        "{\"item_id\":1,\"feature_value\":1,\"x\":\"\u00ff\u00fe\"}")
                .map(text -> text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @MethodSource("noJson")
    void refuseWhatIsNoJson(byte[] body) throws Exception {
        for (String route : ROUTES) {
            try (var client = new RawClient(server.port())) {
                client.send("POST " + route + " HTTP/1.1\r\nHost: t\r\nContent-Length: " + body.length + "\r\n\r\n");
                var answer = client.send(body).answer();
                assertThat(answer).startsWith("HTTP/1.1 400").contains("\"type\":\"json_invalid\",\"loc\":[\"body\",");
            }
        }
    }

    @Test
    void refuseMoreThanTheyHoldAtOnceAndTakeMoreWhenAClientLeaves() throws Exception {
        try (var small = DemoServer.start("demo.workers=2", "demo.queue=3", "demo.prediction-delay=4s");
                var leaver = new RawClient(small.port())) {
            var held = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 4; i++) {
                held.add(small.postAsync("/predict_full_async", GOOD));
            }
            eventually(() -> small.meter("augur_pool_taken{pool=\"augur-predict\"}") == 4);
            leaver.post("/predict_full_async", GOOD);
            eventually(() -> small.meter("augur_pool_taken{pool=\"augur-predict\"}") == 5);

            var refused = small.post("/predict_full_async", GOOD);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(refused.body()).contains("augur-predict holds at most 5");

            leaver.leave();
            eventually(() -> small.meter("augur_pool_taken{pool=\"augur-predict\"}") == 4);
            held.add(small.postAsync("/predict_full_async", GOOD));
            eventually(() -> small.meter("augur_pool_taken{pool=\"augur-predict\"}") == 5);
            assertThat(small.get("/health/live").statusCode()).isEqualTo(200);
            held.forEach(answer -> answer.cancel(true));
        }
    }

    @Test
    void aFaultRepeatedAThousandTimesIsReportedAFewTimes() throws Exception {
        var body = "{" + "\"item_id\":1,".repeat(7_000) + "\"feature_value\":1}";
        var answer = server.post(ROUTES[2], body);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body().length()).isLessThan(2_000);
    }

    @Test
    void recordAlsoWhenTheClientLeft() throws Exception {
        try (var own = DemoServer.start("demo.prediction-delay=2s");
                var leaver = new RawClient(own.port())) {
            leaver.post("/predict_with_background", "{\"item_id\":7,\"feature_value\":2.5}");
            eventually(() -> own.meter("augur_pool_running{pool=\"augur-predict\"}") == 1);
            leaver.leave();
            eventually(() -> own.records().size() == 1);
            var record = own.records().get(0);
            assertThat(record.getString("status")).isEqualTo("CANCELLED");
            assertThat(record.getInteger("item_id")).isEqualTo(7);
            assertThat(record.getJsonObject("outputs").getDouble("prediction")).isEqualTo(5.0);
        }
    }

    @Test
    void recordInTheBackground() throws Exception {
        try (var own = DemoServer.start()) {
            for (int i = 0; i < 50; i++) {
                own.post("/predict_with_background", "{\"item_id\":" + i + ",\"feature_value\":2.5}");
            }
            own.post("/predict_full_async", GOOD);
            eventually(() -> own.records().size() == 50);
            assertThat(own.records())
                    .extracting(record -> record.getInteger("item_id"))
                    .doesNotHaveDuplicates();
            assertThat(own.records())
                    .extracting(record -> record.getString("record_id"))
                    .doesNotHaveDuplicates();
            assertThat(own.records()).allSatisfy(record -> {
                assertThat(record.getString("status")).isEqualTo("OK");
                assertThat(record.getJsonObject("outputs").getDouble("prediction"))
                        .isEqualTo(5.0);
            });
            assertThat(own.meter("augur_prediction_log_records_total{outcome=\"stored\"}"))
                    .isEqualTo(50);
        }
    }
}
