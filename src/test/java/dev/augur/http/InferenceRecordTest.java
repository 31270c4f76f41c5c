package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.bus.Addresses;
import dev.augur.model.ArtifactDigest;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every inference request has a record, whatever became of it. */
class InferenceRecordTest {
    private static final String ROW =
            "{\"id\":\"%s\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final String SLOW =
            "{\"id\":\"%s\",\"parameters\":{\"timeout\":100000},\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1000000000]}]}";

    @Test
    void holdsWhatWasAskedAndAnswered() throws Exception {
        try (var server = TestServer.start()) {
            assertThat(server.post("/v2/models/iris/infer", ROW.formatted("mine"))
                            .statusCode())
                    .isEqualTo(200);
            var record = record(server, "mine");
            assertThat(record.getString("status")).isEqualTo("OK");
            assertThat(record.getInteger("http_status")).isEqualTo(200);
            assertThat(record.getString("endpoint")).isEqualTo("/v2/models/iris/infer");
            assertThat(record.getString("model_version")).isEqualTo("1");
            assertThat(record.getString("artifact_digest"))
                    .isEqualTo(ArtifactDigest.of(Path.of("conf", "models", "iris", "1")));
            assertThat(record.getInteger("batch_rows")).isEqualTo(1);
            assertThat(record.getJsonObject("inputs").encode())
                    .isEqualTo("{\"features\":{\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[5.1,3.5,1.4,0.2]}}");
            assertThat(record.getJsonObject("outputs").getJsonObject("label").encode())
                    .isEqualTo("{\"datatype\":\"INT64\",\"shape\":[1],\"data\":[0]}");
            var times = record.stream().map(Map.Entry::getKey).toList();
            assertThat(times).contains("received_at", "queued_at", "predict_started_at", "predict_ended_at");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, 0af7651916cd43dd8448eb211c80319c",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-later, 0af7651916cd43dd8448eb211c80319c",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01,",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01,",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,",
        "nonsense,"
    })
    void namesTheTraceOfTheClient(String header, @Nullable String trace) throws Exception {
        try (var server = TestServer.start()) {
            var headers = Map.of("Content-Type", "application/json", "traceparent", header);
            server.postBytes("/predict/wine", "{\"item_id\":43}".getBytes(UTF_8), headers);
            server.postBytes("/predict/wine", "{\"items\":[{\"item_id\":43},{}]}".getBytes(UTF_8), headers);
            server.postBytes("/v2/models/iris/infer", ROW.formatted("mine").getBytes(UTF_8), headers);
            eventually(() -> server.records().size() == 4);
            assertThat(server.records())
                    .extracting(record -> record.getString("trace_id"))
                    .containsOnly(trace);
        }
    }

    @Test
    void holdsEveryOtherOutcomeToo() throws Exception {
        try (var server = TestServer.start(
                "models.repository=" + Rows.repository(), "http.max-inference-body=10KiB", "models.max-rows=2")) {
            server.post("/v2/models/iris/infer", "nonsense");
            expect(server, "/v2/models/iris/infer", "CLIENT_ERROR 400 INVALID_ARGUMENT");
            server.post("/v2/models/nobody/infer", ROW.formatted("x"));
            expect(server, "/v2/models/nobody/infer", "CLIENT_ERROR 404 NOT_FOUND");
            server.post("/v2/models/digits/infer", " ".repeat(20_000));
            expect(server, "/v2/models/digits/infer", "CLIENT_ERROR 413 TOO_LARGE");
            server.postBytes("/v2/models/wine/infer", new byte[2], Map.of("Content-Type", "text/plain"));
            expect(server, "/v2/models/wine/infer", "CLIENT_ERROR 415 UNSUPPORTED_MEDIA_TYPE");
            server.post("/v2/models/broken_slow/infer", SLOW.formatted("late"));
            expect(server, "/v2/models/broken_slow/infer", "TIMEOUT 504 DEADLINE_EXCEEDED");
            server.post("/v2/models/broken_truncated/infer", ROW.formatted("x"));
            expect(server, "/v2/models/broken_truncated/infer", "SHED 503 UNAVAILABLE");
        }
    }

    @Test
    void aClientThatLeftIsRecorded() throws Exception {
        try (var server = TestServer.start("models.repository=" + Rows.repository())) {
            var endless = SLOW.formatted("left").replace("100000", "60000000");
            var asked = server.postAsync("/v2/models/broken_slow/infer", endless);
            eventually(() -> server.meter("augur_model_running{model=\"broken_slow\",version=\"1\"}") == 1);
            asked.cancel(true);
            eventually(
                    () -> server.records().stream().anyMatch(record -> "CANCELLED".equals(record.getString("status"))));
            assertThat(record(server, "left").getInteger("http_status")).isNull();
        }
    }

    @Test
    void largeTensorsAreKeptByDigestAndRedactedOnesNotAtAll() throws Exception {
        try (var server = TestServer.start(
                "prediction-log.max-tensor-size=15", "prediction-log.redact=outputs.probabilities,client_request_id")) {
            server.post("/v2/models/iris/infer", ROW.formatted("secret"));
            eventually(() -> !server.records().isEmpty());
            var record = server.records().get(0);
            var features = record.getJsonObject("inputs").getJsonObject("features");
            assertThat(features.getInteger("bytes")).isEqualTo(16);
            assertThat(features.getBoolean("truncated")).isTrue();
            assertThat(features.getString("sha256"))
                    .isEqualTo("1f84c6273beb89522ca509f57a125ec8c264270a281e6f48b17d4214fa6e76a0");
            assertThat(record.encode()).doesNotContain("secret").doesNotContain("0.9975");
            assertThat(record.getJsonObject("outputs").getString("probabilities"))
                    .isEqualTo("[redacted]");
            assertThat(record.getJsonArray("redacted")).contains("outputs.probabilities", "client_request_id");
        }
    }

    @Test
    void theAnswerWaitsForItsRecordWhereThatIsWanted() throws Exception {
        try (var server = TestServer.start("models.by-name.iris.prediction-log=before-answer")) {
            for (int i = 0; i < 20; i++) {
                assertThat(server.post("/v2/models/iris/infer", ROW.formatted("before" + i))
                                .statusCode())
                        .isEqualTo(200);
                assertThat(server.records().get(i).getString("client_request_id"))
                        .isEqualTo("before" + i);
            }
        }
    }

    @Test
    void withoutARecordTheAnswerIsThatTheLogDoesNotTakeIt() throws Exception {
        try (var server =
                TestServer.start("models.prediction-log=before-answer", "prediction-log.answer-patience=200ms")) {
            Handler<DeliveryContext<Object>> loss = message -> {
                if (!message.message().address().equals(Addresses.PREDICTION_LOG)) {
                    message.next();
                }
            };
            server.vertx().eventBus().addOutboundInterceptor(loss);
            var answer = server.post("/v2/models/iris/infer", ROW.formatted("unlogged"));
            server.vertx().eventBus().removeOutboundInterceptor(loss);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("the prediction log does not take records now");
            record(server, "unlogged"); // its sender tries again
        }
    }

    @Test
    void aModelWithoutALogHasNoRecords() throws Exception {
        try (var server = TestServer.start("models.by-name.iris.prediction-log=off")) {
            server.post("/v2/models/iris/infer", ROW.formatted("none"));
            server.post("/v2/models/digits/infer", "{}");
            eventually(() -> !server.records().isEmpty());
            assertThat(server.records())
                    .allMatch(record -> record.getString("model").equals("digits"));
        }
    }

    private static void expect(TestServer server, String endpoint, String outcome) throws Exception {
        eventually(() -> server.records().stream()
                .filter(record -> endpoint.equals(record.getString("endpoint")))
                .map(record -> record.getString("status") + " " + record.getInteger("http_status") + " "
                        + record.getString("error_code"))
                .anyMatch(outcome::equals));
    }

    private static JsonObject record(TestServer server, String id) throws Exception {
        eventually(() -> find(server, id) != null);
        return find(server, id);
    }

    private static JsonObject find(TestServer server, String id) throws Exception {
        return server.records().stream()
                .filter(record -> id.equals(record.getString("client_request_id")))
                .findFirst()
                .orElse(null);
    }
}
