package dev.augur.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.augur.predictionlog.OutcomeRecord;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.testkit.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Records that a server really wrote are what the schema it serves says. */
class RecordSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void recordsOfEveryStatusAreWhatTheSchemaSays() throws Exception {
        try (var server = TestServer.start(
                "double.delay-ms=300",
                "double.workers=1",
                "double.queue=1",
                "feature-stores.slow.kind=timer",
                "feature-stores.slow.delay=10s",
                "feature-stores.none.kind=timer",
                "feature-stores.none.delay=0ms",
                "pipelines.hole.store=none",
                "pipelines.hole.model=doubler",
                "pipelines.late.store=slow",
                "pipelines.late.model=doubler",
                "pipelines.late.timeout=50ms")) {
            TestServer.eventually(
                    () -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
            server.post("/predict/wine", "{\"item_id\":77777}"); // CLIENT_ERROR, NOT_FOUND
            server.post("/predict/hole", "{\"item_id\":1}"); // FEATURES_UNAVAILABLE
            server.post("/predict/wine", "{\"item_id\":43,\"features\":{\"hue\":\"red\"}}"); // CLIENT_ERROR
            var many = IntStream.range(0, 6)
                    .mapToObj(i -> server.postAsync("/double_recorded", "{\"item_id\":1,\"feature_value\":1}"))
                    .toList(); // SHED
            CompletableFuture.allOf(many.toArray(CompletableFuture[]::new)).join();
            infer(server, 4); // tensors, whole and by their digest
            infer(server, 4_000);
            server.post("/v2/models/wine/infer", "{"); // no model was reached
            server.post("/predict/late", "{\"item_id\":1}"); // TIMEOUT
            TestServer.eventually(() -> {
                leave(server); // CANCELLED, unless it left before it was heard
                return statuses(server).contains("CANCELLED");
            });
            TestServer.eventually(() -> server.meter("augur_prediction_log_pending") == 0);
            var statuses = statuses(server);
            statuses.add("MODEL_ERROR"); // see below
            assertThat(statuses).isEqualTo(names());
            var id = server.records().get(0).getString("record_id");
            server.post(
                    "/predictions/" + id + "/outcome",
                    "{\"outcome\":{\"class\":1},\"observed_at\":\"2026-01-01T00:00Z\"}");

            var schema = schema(server.get("/schemas/prediction-record.json").body());
            follow(schema, server);
            assertThat(server.records()).anyMatch(record -> OutcomeRecord.TYPE.equals(record.getString("type")));
        }
    }

    @Test
    void soAreThoseOfModelsThatFail() throws Exception {
        try (var server = TestServer.start("models.repository=src/test/resources/repository")) {
            var answer = server.post(
                    "/v2/models/broken_fails_at_run/infer",
                    "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[3],\"data\":[1,2,3]}]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            TestServer.eventually(() -> statuses(server).contains("MODEL_ERROR"));
            follow(schema(server.get("/schemas/prediction-record.json").body()), server);
        }
    }

    @Test
    void everyFieldThatIsNeededIsMissed() throws Exception {
        try (var server = TestServer.start()) {
            server.post("/double_recorded", "{\"item_id\":1,\"feature_value\":1}");
            TestServer.eventually(() -> server.records().size() == 1);
            var id = server.records().get(0).getString("record_id");
            server.post("/predictions/" + id + "/outcome", "{\"outcome\":1}");
            var schema = schema(server.get("/schemas/prediction-record.json").body());
            for (var record : server.records()) {
                for (String field : Set.copyOf(record.fieldNames())) {
                    var altered = (ObjectNode) JSON.readTree(record.encode());
                    altered.putArray(field).addArray().addArray();
                    if (!List.of("features").contains(field)) {
                        assertThat(schema.validate(altered)).as(field).isNotEmpty();
                    }
                }
                for (String field : List.of("seq", "record_id", "received_at", "prev", "hash", "schema_version")) {
                    var less = (ObjectNode) JSON.readTree(record.encode());
                    JsonNode removed = less.remove(field);
                    assertThat(removed).isNotNull();
                    assertThat(schema.validate(less)).as(field).isNotEmpty();
                }
            }
        }
    }

    private static void follow(JsonSchema schema, TestServer server) throws Exception {
        for (var record : server.records()) {
            assertThat(schema.validate(JSON.readTree(record.encode())))
                    .as(record.encode())
                    .isEmpty();
        }
    }

    private static void infer(TestServer server, int count) throws Exception {
        var row = "[" + "1,".repeat(count - 1) + "1]";
        var input =
                "{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[" + count / 4 + ",4],\"data\":" + row + "}";
        assertThat(server.post("/v2/models/iris/infer", "{\"inputs\":[" + input + "]}")
                        .statusCode())
                .isEqualTo(200);
    }

    private static void leave(TestServer server) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/double_recorded"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMillis(150))
                .POST(HttpRequest.BodyPublishers.ofString("{\"item_id\":1,\"feature_value\":1}"))
                .build();
        var gone = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        gone.handle((answer, failure) -> failure).get();
    }

    private static Set<String> statuses(TestServer server) throws Exception {
        var statuses = new TreeSet<String>();
        server.records().stream()
                .filter(record -> record.containsKey("status"))
                .forEach(record -> statuses.add(record.getString("status")));
        return statuses;
    }

    private static Set<String> names() {
        var names = new TreeSet<String>();
        EnumSet.allOf(Status.class).forEach(status -> names.add(status.name()));
        return names;
    }

    private static JsonSchema schema(String text) {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(text);
    }
}
