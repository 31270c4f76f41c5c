package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.testkit.BusCaller;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client calls its request is in the record, on every kind of route, whatever becomes of the request. */
class RequestIdTest {
    private static final String ROW =
            "\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";

    private static TestServer server;
    private static BusCaller bus;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("pipelines.wine.max-waiting-items=3");
        bus = new BusCaller(server.vertx());
        eventually(() -> server.get("/pipelines/wine").body().contains("\"ready\":true"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "v-body  | 200 | /v2/models/iris/infer   |       | {'id':'v-body',ROW",
                "v-first | 200 | /v2/models/iris/infer   | other | {'id':'v-first',ROW",
                "v-head  | 200 | /v2/models/iris/infer   | v-head| {ROW",
                "v-empty | 200 | /v2/models/iris/infer   | v-empty| {'id':'',ROW",
                "v-400   | 400 | /v2/models/iris/infer   |       | {'inputs':7,'id':'v-400'}",
                "12      | 400 | /v2/models/iris/infer   |       | {'id':12,ROW",
                "v-json  | 400 | /v2/models/iris/infer   | v-json| nonsense",
                "v-404   | 404 | /v2/models/nobody/infer |       | {'id':'v-404',ROW",
                "p-body  | 200 | /predict/wine           | other | {'id':'p-body','item_id':43}",
                "p-head  | 200 | /predict/wine           | p-head| {'item_id':43}",
                "7       | 200 | /predict/wine           |       | {'id':7,'item_id':43}",
                "p-400   | 422 | /predict/wine           |       | {'item_id':true,'id':'p-400'}",
                "p-wish  | 400 | /predict/wine?explain=x |       | {'id':'p-wish','item_id':43}",
                "p-404   | 404 | /predict/nobody         |       | {'id':'p-404','item_id':43}",
                "p-items | 200 | /predict/wine           |       | {'id':'p-items','items':[{'item_id':43},{'item_id':44},{}]}",
                "t-head  | 200 | /double_recorded       | t-head| {'item_id':43,'feature_value':21}",
                "t-422   | 422 | /double_recorded       | t-422 | {'item_id':true}",
            })
    void isInTheRecord(String id, int status, String path, String header, String body) throws Exception {
        var headers = header == null
                ? Map.of("Content-Type", "application/json")
                : Map.of("Content-Type", "application/json", "X-Request-Id", header);
        String json = body.replace('\'', '"').replace("ROW", ROW);
        var answer = server.postBytes(path, json.getBytes(UTF_8), headers);
        assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(status);
        int records = id.equals("p-items") ? 3 : 1;
        eventually(() -> recordsOf(id).size() == records);
        assertThat(server.records()).noneMatch(record -> "other".equals(record.getString("client_request_id")));
    }

    @Test
    void comesBackFromAPipeline() throws Exception {
        assertThat(answer("{\"id\":\"mine\",\"item_id\":43}").getValue("id")).isEqualTo("mine");
        assertThat(answer("{\"id\":9007199254740993,\"item_id\":43}").getValue("id"))
                .isEqualTo(9007199254740993L);
        assertThat(answer("{\"id\":\"many\",\"items\":[{\"item_id\":43}]}").getValue("id"))
                .isEqualTo("many");
        assertThat(answer("{\"id\":null,\"item_id\":43}").containsKey("id")).isFalse();
        assertThat(bus.ask(Addresses.pipeline("wine"), "{\"id\":\"bus\",\"item_id\":43}"))
                .asString()
                .contains("bus");
    }

    @ParameterizedTest
    @CsvSource({"true", "1.5", "[]", "{}", "12345678901234567890"})
    void ofAnyOtherKindIsRefused(String id) throws Exception {
        assertThat(server.post("/predict/wine", "{\"item_id\":43,\"id\":" + id + "}")
                        .body())
                .contains("string_type", "\"loc\":[\"body\",\"id\"]");
    }

    @Test
    void hasABound() throws Exception {
        String longest = "x".repeat(1_024);
        assertThat(answer("{\"item_id\":43,\"id\":\"" + longest + "\"}").getString("id"))
                .isEqualTo(longest);
        assertThat(server.post("/predict/wine", "{\"item_id\":43,\"id\":\"" + longest + "x\"}")
                        .body())
                .contains("string_too_long")
                .hasSizeLessThan(500);
    }

    @Test
    void isInTheRecordOfAMessage() throws Exception {
        var wine = Addresses.pipeline("wine");
        bus.ask(wine, "{\"id\":\"b-body\",\"item_id\":43}");
        TestServer.await(bus.request(wine, "{\"item_id\":43}", Map.of("request-id", "b-head")));
        TestServer.await(bus.request(wine, "{\"item_id\":43}", Map.of("X-Request-Id", "b-x")));
        bus.refusal(wine, "{\"id\":\"b-400\"}", Map.of());
        bus.refusal(wine, "{\"id\":\"b-wish\",\"item_id\":43}", Map.of("timeout", "5"));
        TestServer.await(bus.request(Addresses.model("iris"), "{" + ROW, Map.of("request-id", "b-model")));
        for (var id : List.of("b-body", "b-head", "b-x", "b-400", "b-wish", "b-model")) {
            eventually(() -> recordsOf(id).size() == 1);
        }
    }

    @Test
    void isInTheRecordOfWhatHadNoRoom() throws Exception {
        String four = "{\"item_id\":43},".repeat(4);
        var answer = answer("{\"id\":\"no-room\",\"items\":[" + four.substring(0, four.length() - 1) + "]}");
        assertThat(answer.encode()).contains("\"status\":429");
        eventually(() -> recordsOf("no-room").size() == 4);
        assertThat(recordsOf("no-room")).allMatch(record -> "SHED".equals(record.getString("status")));
    }

    private static JsonObject answer(String body) throws Exception {
        var answer = server.post("/predict/wine", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static List<JsonObject> recordsOf(String id) throws Exception {
        return server.records().stream()
                .filter(record -> id.equals(record.getString("client_request_id")))
                .toList();
    }
}
