package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the prediction log, and adding outcomes to it, over HTTP. */
class PredictionRoutesTest {
    private static final int DOUBLED = 25;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "feature-stores.numbers.kind=timer",
                "feature-stores.numbers.delay=0ms",
                "pipelines.hole.store=numbers",
                "pipelines.hole.model=doubler");
        TestServer.eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
        for (int i = 0; i < DOUBLED; i++) {
            server.post("/predict/hole", "{\"item_id\":" + i + "}");
        }
        server.post("/predict/wine", "{\"item_id\":43}");
        server.post("/predict/wine", "{\"item_id\":77777}");
        TestServer.eventually(() -> server.records().size() == DOUBLED + 2);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void filtersByWhatIsAsked() throws Exception {
        assertThat(all("model=wine")).hasSize(2);
        assertThat(all("model=wine&status=OK")).hasSize(1);
        assertThat(all("status=CLIENT_ERROR").get(0).getInteger("item_id")).isEqualTo(77777);
        assertThat(all("item_id=7&endpoint=/predict/hole")).hasSize(1);
        assertThat(all("model=none")).isEmpty();
        var newest = all("").get(0);
        var time = newest.getString("received_at");
        assertThat(all("since=" + time)).containsExactly(newest);
        assertThat(all("since=" + time.replace("Z", "+00:00"))).containsExactly(newest);
        assertThat(all("until=" + time)).contains(newest).hasSizeGreaterThan(DOUBLED);
        assertThat(all("until=2020-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void aPageIsTheNewestLinesOfTheLedgerAsTheyStand() throws Exception {
        var expected = new ArrayList<>(server.records());
        expected.removeIf(record -> record.containsKey("type"));
        var found = all("limit=4");
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        var page = page("limit=1000");
        assertThat(page.getBoolean("finished")).isTrue();
        assertThat(page.containsKey("cursor")).isFalse();
        assertThat(records(page)).isEqualTo(found);
        assertThat(found.get(0).getString("hash")).hasSize(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=many",
                "status=FINE",
                "since=yesterday",
                "until=2026-01-01",
                "cursor=x",
                "model=a&model=b",
                "limit=1&limit=1",
                "item_id=",
                "cursor=",
                "item=43",
                "Item_id=43",
                "item_id%20=43",
                "item_id[]=43",
                "page=2",
                "staus"
            })
    void refusesWhatIsNoQuestion(String query) throws Exception {
        var answer = server.get("/predictions?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("detail"))
                .contains(query.replace("%20", " ").replaceAll("=.*", ""));
    }

    @Test
    void namesTheParametersThereAre() throws Exception {
        assertThat(server.get("/predictions?item=43").body())
                .contains(
                        "unknown parameter \\\"item\\\"; known are model, item_id, endpoint, status, outcome, since, until, replays, limit, cursor");
        var record = server.records().get(0).getString("record_id");
        assertThat(server.get("/predictions/" + record + "?fields=outputs").body())
                .contains("unknown parameter \\\"fields\\\"; known are verify");
        for (String path : List.of("/pipelines", "/pipelines/wine", "/schemas/prediction-record.json")) {
            var answer = server.get(path + "?fields=outputs");
            assertThat(answer.statusCode()).as(path).isEqualTo(400);
            assertThat(answer.body()).contains("unknown parameter \\\"fields\\\"; there are none here");
            assertThat(server.get(path + "?").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void findsOneRecordByItsId() throws Exception {
        for (JsonObject record : server.records()) {
            var answer = server.get("/predictions/" + record.getString("record_id"));
            assertThat(answer.statusCode()).isEqualTo(200);
            var found = new JsonObject(answer.body());
            assertThat(found.remove("outcomes") == null).isEqualTo(record.containsKey("type"));
            assertThat(found).isEqualTo(record);
        }
        var unknown = server.get("/predictions/none");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("\"detail\":\"no prediction of record_id \\\"none\\\"");
        assertThat(server.post("/predictions/none", "").statusCode()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"outcome":1}                                              | 1
                    {"outcome":"good \\u2713"}                                 | "good ✓"
                    {"outcome":false,"observed_at":"2026-03-01T10:00:00Z"}     | false
                    {"outcome":{"class":2,"p":[0.10,1E+400]}}                  | {"class":2,"p":[0.10,1E+400]}
                    """)
    void anOutcomeIsInTheLedgerWhenTheAnswerLeaves(String body, String stored) throws Exception {
        var prediction =
                new JsonObject(server.post("/predict/wine", "{\"item_id\":43}").body()).getString("record_id");
        var answer = server.post("/predictions/" + prediction + "/outcome", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var id = new JsonObject(answer.body()).getString("record_id");
        var line = server.get("/predictions/" + id).body();
        assertThat(line)
                .contains("\"type\":\"outcome\",\"record_id\":\"" + id + "\",\"prediction_id\":\"" + prediction);
        assertThat(line).contains("\"outcome\":" + stored + ",\"prev\"");
        assertThat(line.contains("\"observed_at\":\"2026-03-01T10:00:00.000000Z\""))
                .isEqualTo(body.contains("observed_at"));
        assertThat(server.records()).anyMatch(record -> id.equals(record.getString("record_id")));
        assertThat(all("")).noneMatch(record -> id.equals(record.getString("record_id")));
        assertThat(server.post("/predictions/" + id + "/outcome", "{\"outcome\":1}")
                        .statusCode())
                .as("an outcome of an outcome")
                .isEqualTo(404);
    }

    @Test
    void outcomesStandWithTheirPrediction() throws Exception {
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var answer = server.post("/predict/wine", "{\"item_id\":43}").body();
            ids.add(new JsonObject(answer).getString("record_id"));
        }
        for (String outcome : List.of("\"great \u2713\"", "4711", "{\"class\":4711}")) {
            server.post("/predictions/" + ids.get(0) + "/outcome", "{\"outcome\":" + outcome + "}");
        }
        server.post("/predictions/" + ids.get(1) + "/outcome", "{\"outcome\":4711}");
        var found = new JsonObject(server.get("/predictions/" + ids.get(0)).body()).getJsonArray("outcomes");
        assertThat(found.stream().map(outcome -> ((JsonObject) outcome).getValue("outcome")))
                .containsExactly(new JsonObject().put("class", 4711), 4711, "great \u2713");
        assertThat(new JsonObject(server.get("/predictions/" + ids.get(2)).body()).getJsonArray("outcomes"))
                .isEmpty();
        assertThat(all("outcome=4711&limit=1").stream().map(record -> record.getString("record_id")))
                .containsExactly(ids.get(1), ids.get(0));
        assertThat(all("outcome=great \u2713&model=wine")).hasSize(1);
        assertThat(all("outcome=great \u2713&model=doubler")).isEmpty();
        assertThat(all("outcome=471")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                        | 422 | Field required
                    {"outcome":null}                          | 422 | a text, a number
                    {"outcome":[1]}                           | 422 | a text, a number
                    {"outcome":1,"observed_at":5}             | 422 | observed_at
                    {"outcome":1,"observed_at":"yesterday"}   | 400 | observed_at must be a time
                    {"outcome":1,"outcome":2}                 | 400 | json_invalid
                    [1]                                       | 422 | dictionary
                    {"outcome":                               | 400 | json_invalid
                    """)
    void tellsWhatIsWrongWithAnOutcome(String body, int status, String words) throws Exception {
        var id = server.records().get(0).getString("record_id");
        var answer = server.post("/predictions/" + id + "/outcome", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void refusesLargeOutcomesAndThoseOfUnknownPredictions() throws Exception {
        assertThat(server.post("/predictions/none/outcome", "{\"outcome\":1}").statusCode())
                .isEqualTo(404);
        var path = "/predictions/" + server.records().get(0).getString("record_id") + "/outcome";
        int room = 4_096 - 2;
        assertThat(outcome(path, room)).isEqualTo(200);
        assertThat(outcome(path, room + 1)).isEqualTo(413);
        assertThat(outcome(path, 10_000)).isEqualTo(413);
    }

    @Test
    void severalReadAtOnceAndTheRestIsRefused() throws Exception {
        try (var narrow = TestServer.start("prediction-log.query-queue=0")) {
            var answers = IntStream.range(0, 200)
                    .mapToObj(i -> narrow.getAsync("/predictions?limit=1"))
                    .toList();
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get();
            assertThat(answers)
                    .allMatch(answer -> List.of(200, 429).contains(answer.join().statusCode()));
            assertThat(answers).anyMatch(answer -> answer.join().statusCode() == 200);
        }
    }

    @Test
    void servesTheSchema() throws Exception {
        var answer = server.get("/schemas/prediction-record.json");
        assertThat(answer.headers().firstValue("content-type")).contains("application/schema+json");
        assertThat(new JsonObject(answer.body()).getString("$schema")).contains("2020-12");
    }

    private static int outcome(String path, int length) throws Exception {
        return server.post(path, "{\"outcome\":\"" + "x".repeat(length) + "\"}").statusCode();
    }

    private static List<JsonObject> all(String query) throws Exception {
        var found = new ArrayList<JsonObject>();
        var page = page(query);
        found.addAll(records(page));
        while (!page.getBoolean("finished")) {
            page = page(query + "&cursor=" + page.getString("cursor"));
            found.addAll(records(page));
        }
        return found;
    }

    private static JsonObject page(String query) throws Exception {
        var encoded = URLEncoder.encode(query, StandardCharsets.UTF_8)
                .replace("%3D", "=")
                .replace("%26", "&");
        var answer = server.get("/predictions?" + encoded);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static List<JsonObject> records(JsonObject page) {
        JsonArray records = page.getJsonArray("records");
        return IntStream.range(0, records.size())
                .mapToObj(records::getJsonObject)
                .toList();
    }
}
