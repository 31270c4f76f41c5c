package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests with many items: they share the model with each other and with everybody else. */
class PipelineItemsTest {
    private static final int ITEMS = 1_000;
    private static final String SINGLE = "{\"item_id\":43}";

    private TestServer server;

    @AfterEach
    void close() {
        server.close();
    }

    private void start(String... settings) throws Exception {
        server = TestServer.start(settings);
        TestServer.eventually(() -> server.post("/predict/wine", SINGLE).statusCode() == 200);
    }

    @ParameterizedTest
    @CsvSource({"2, 1000, before-answer", "10, 1000, before-answer", "10, 1000, off", "4, 4, before-answer"})
    void everyItemIsAnsweredAndSingleRequestsGoOn(int requests, int queue, String delivery) throws Exception {
        start(
                "pipelines.wine.timeout=60s",
                "models.by-name.wine.queue=" + queue,
                "pipelines.wine.prediction-log=" + delivery,
                "prediction-log.max-pending=1000");
        var large = IntStream.range(0, requests)
                .mapToObj(i -> server.postAsync("/predict/wine", many()))
                .toList();
        int singles = 0;
        do {
            var single = server.post("/predict/wine", SINGLE);
            assertThat(single.statusCode()).as(single.body()).isEqualTo(200);
            singles++;
        } while (!large.stream().allMatch(CompletableFuture::isDone));
        for (var answer : large) {
            assertThat(predictions(answer.get())).isEqualTo(ITEMS);
        }
        assertThat(singles).isPositive();
        if (!delivery.equals("off")) {
            assertThat(server.records().stream()
                            .filter(record -> record.getString("status").equals("OK")))
                    .hasSizeGreaterThanOrEqualTo(requests * ITEMS + singles);
        }
    }

    @Test
    void moreItemsThanMayWaitAreRefusedAtOnce() throws Exception {
        start("pipelines.wine.max-waiting-items=999");
        var items = items(server.post("/predict/wine", many()));
        assertThat(items).hasSize(ITEMS).allSatisfy(item -> assertThat(item.toString())
                .contains("OVERLOADED", "more than 999 items would wait"));
        assertThat(server.post("/predict/wine", SINGLE).statusCode()).isEqualTo(200);
        assertThat(items(server.post("/predict/wine", "{\"items\":[" + SINGLE + "," + SINGLE + "]}")))
                .allSatisfy(item -> assertThat(item.toString()).contains("label"));
        assertThat(server.meter("augur_pipelines_items{model=\"wine\"}")).isZero();
    }

    @Test
    void anItemThatIsNoneHasARecord() throws Exception {
        start();
        int before = server.records().size();
        var answers = items(
                server.post(
                        "/predict/wine",
                        "{\"items\":[" + SINGLE + ",{\"item_id\":1.5},{},7,{\"item_id\":3,\"features\":{\"hue\":null}},"
                                + "{\"item_id\":3,\"features\":{\"shape\":1}},{\"item_id\":3,\"features\":{\"hue\":\"red\"}}]}"));
        assertThat(answers).hasSize(7);
        TestServer.eventually(() -> server.records().size() == before + 7);
        var records = server.records().subList(before, before + 7);
        assertThat(records.stream().collect(Collectors.groupingBy(r -> r.getString("status"), Collectors.counting())))
                .isEqualTo(Map.of("OK", 1L, "CLIENT_ERROR", 6L));
        var refused = records.stream()
                .filter(record -> record.getString("status").equals("CLIENT_ERROR"))
                .toList();
        assertThat(refused).allSatisfy(record -> {
            assertThat(record.getString("endpoint")).isEqualTo("/predict/wine");
            assertThat(record.getString("error_code")).isEqualTo("INVALID_ARGUMENT");
            assertThat(record.getString("error")).isNotBlank();
        });
        assertThat(refused.stream().filter(record -> Integer.valueOf(3).equals(record.getValue("item_id"))))
                .hasSize(3);
        assertThat(records.stream().map(record -> record.getString("record_id")).distinct())
                .hasSize(7);
    }

    @Test
    void aListWithoutASingleItemIsAnsweredToo() throws Exception {
        start();
        assertThat(items(server.post("/predict/wine", "{\"items\":[1,2]}"))).hasSize(2);
    }

    private static long predictions(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var items = items(answer);
        assertThat(items).hasSize(ITEMS).allSatisfy(item -> assertThat(((JsonObject) item).getString("label"))
                .as(item.toString())
                .isNotNull());
        return items.size();
    }

    private static JsonArray items(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonArray("items");
    }

    private static String many() {
        var ids = List.of(0, 3, 43);
        var items = new JsonArray();
        IntStream.range(0, ITEMS).forEach(i -> items.add(new JsonObject().put("item_id", ids.get(i % 3))));
        return new JsonObject().put("items", items).encode();
    }
}
