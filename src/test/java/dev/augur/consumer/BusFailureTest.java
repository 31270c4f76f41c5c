package dev.augur.consumer;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.augur.bus.Addresses;
import dev.augur.testkit.BusCaller;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request that fails is told the status and the text that its route would give, and is recorded. */
class BusFailureTest {
    private static final String IRIS = "augur.models.iris";
    private static final String WINE = "augur.pipelines.wine";
    private static final String SLOW = "augur.models.broken_slow";
    private static final String ROW =
            "{\"id\":\"%s\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}";
    private static final JsonObject ENDLESS = new JsonObject(
            "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1000000000]}]}");

    private static TestServer server;
    private static BusCaller bus;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(
                "models.repository=" + repository(),
                "models.by-name.iris.versions=all",
                "models.max-rows=2",
                "models.by-name.broken_slow.queue=0",
                "models.by-name.broken_slow.workers=1",
                "http.max-body=5KiB",
                "http.max-inference-body=10KiB",
                "feature-stores.none.kind=timer",
                "feature-stores.none.delay=0",
                "pipelines.unfit.store=none",
                "pipelines.unfit.model=digits");
        bus = new BusCaller(server.vertx());
        eventually(() -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Version 2 of iris cannot be loaded. */
    private static Path repository() throws Exception {
        var repository = Rows.repository();
        var second = Files.createDirectories(repository.resolve("iris/2"));
        Files.writeString(second.resolve("model.onnx"), "nonsense");
        return repository;
    }

    @Test
    void badJsonIsWhatItIsOverHttp() throws Exception {
        for (String body :
                new String[] {"nonsense", "", "[]", "{\"inputs\":[{\"name\":1}]}", ROW.formatted("x") + "}"}) {
            var overHttp = server.post("/v2/models/iris/infer", body);
            assertThat(bus.refusal(IRIS, body, Map.of()))
                    .isEqualTo(overHttp.statusCode() + " " + new JsonObject(overHttp.body()).getString("error"));
            assertThat(bus.refusal(IRIS, Buffer.buffer(body), Map.of())).startsWith("400 ");
        }
        assertThat(bus.refusal(WINE, "{", Map.of())).startsWith("400 [body, 1]: JSON decode error: ");
        assertThat(bus.refusal(WINE, new JsonObject(), Map.of())).isEqualTo("422 [body, item_id]: Field required");
        assertThat(bus.refusal(WINE, null, Map.of())).isEqualTo("422 [body]: Field required");
        assertThat(bus.refusal(IRIS, null, Map.of())).isEqualTo("400 the body must be a JSON object");
    }

    @Test
    void anObjectThatIsNoJsonIsRefused() {
        var deep = new JsonObject();
        for (int i = 0; i < 1_500; i++) {
            deep = new JsonObject().put("a", deep);
        }
        assertThat(bus.refusal(IRIS, deep, Map.of())).isEqualTo("400 the body is nested deeper than 100 levels");
    }

    @Test
    void bodiesOfOtherClassesAreRefused() {
        assertThat(bus.refusal(IRIS, 7, Map.of()))
                .isEqualTo("415 a body of Integer is not served here, expected JsonObject, Buffer or String");
        assertThat(bus.refusal(WINE, new byte[3], Map.of())).startsWith("415 ");
    }

    @Test
    void bodiesThatAreTooLargeAreRefused() {
        var large = new JsonObject(ROW.formatted("x")).put("more", "x".repeat(11_000));
        for (Object body : new Object[] {large, large.encode(), large.toBuffer()}) {
            assertThat(bus.refusal(IRIS, body, Map.of()))
                    .isEqualTo("413 the body is larger than the 10240 bytes this address takes");
        }
        var pipeline = new JsonObject().put("item_id", 43).put("more", "x".repeat(6_000));
        assertThat(bus.refusal(WINE, pipeline, Map.of())).startsWith("413 ");
    }

    @Test
    void whatTheModelRefusesIsRefused() {
        var three = new JsonObject(
                "{\"inputs\":[{\"name\":\"features\",\"shape\":[3,4],\"datatype\":\"FP32\",\"data\":[1,1,1,1,1,1,1,1,1,1,1,1]}]}");
        assertThat(bus.refusal(IRIS, three, Map.of())).startsWith("400 input \"features\": 3 rows are more than the 2");
        assertThat(bus.refusal(
                        "augur.models.broken_fails_at_run",
                        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}",
                        Map.of()))
                .startsWith("500 ");
    }

    @Test
    void whatIsNotReadySaysWhy() {
        assertThat(bus.refusal(IRIS, ROW.formatted("x"), Map.of("version", "2")))
                .startsWith("503 model \"iris\" version 2 is not loaded: ");
        assertThat(bus.refusal(IRIS, ROW.formatted("x"), Map.of("version", "9")))
                .startsWith("404 ");
        assertThat(bus.refusal("augur.pipelines.unfit", new JsonObject().put("item_id", 1), Map.of()))
                .startsWith("503 ");
        assertThat(bus.refusal(WINE, new JsonObject().put("item_id", 77_777), Map.of()))
                .startsWith("404 feature store \"wine\" has no entity ");
    }

    @Test
    void headersThatAreWrongAreRefused() {
        assertThat(bus.refusal(IRIS, ROW.formatted("x"), Map.of("timeout", "soon")))
                .isEqualTo("400 timeout must be a time with its unit, ms or s, such as 250ms or 2s, found \"soon\"");
        assertThat(bus.refusal(WINE, new JsonObject().put("item_id", 43), Map.of("timeout", "250")))
                .isEqualTo("400 timeout must be a time with its unit, ms or s, such as 250ms or 2s, found \"250\"");
        assertThat(bus.refusal(WINE, new JsonObject().put("item_id", 43), Map.of("explain", "all")))
                .isEqualTo("400 explain must be features, or not be given");
        var twice = new DeliveryOptions()
                .setHeaders(
                        MultiMap.caseInsensitiveMultiMap().add("timeout", "1s").add("timeout", "2s"));
        assertThat(catchThrowable(
                        () -> TestServer.await(server.vertx().eventBus().request(IRIS, ROW.formatted("x"), twice))))
                .hasMessageContaining("the header timeout is given 2 times");
    }

    @Test
    void theDeadlineAndTheQueueHold() throws Exception {
        var running = bus.request(SLOW, ENDLESS, Map.of("timeout", "3s"));
        eventually(() -> server.meter("augur_model_running{model=\"broken_slow\",version=\"1\"}") == 1);
        assertThat(bus.refusal(SLOW, ENDLESS, Map.of()))
                .isEqualTo("429 model \"broken_slow\": 0 requests wait already");
        var late = catchThrowable(() -> TestServer.await(running));
        assertThat(late).hasMessageContaining("the prediction did not end within 3000 ms");
        eventually(() -> server.meter("augur_model_running{model=\"broken_slow\",version=\"1\"}") == 0);
        expect(SLOW, "TIMEOUT 504 DEADLINE_EXCEEDED");
        expect(SLOW, "SHED 429 OVERLOADED");
    }

    @Test
    void everyRequestIsRecorded() throws Exception {
        bus.ask(IRIS, new JsonObject(ROW.formatted("mine")));
        eventually(() -> server.records().stream()
                .anyMatch(record -> "mine".equals(record.getString("client_request_id"))
                        && IRIS.equals(record.getString("endpoint"))
                        && "OK".equals(record.getString("status"))
                        && record.getInteger("http_status") == 200));
        bus.refusal(IRIS, 7, Map.of());
        expect(IRIS, "CLIENT_ERROR 415 UNSUPPORTED_MEDIA_TYPE");
        bus.refusal(IRIS, "nonsense", Map.of());
        expect(IRIS, "CLIENT_ERROR 400 INVALID_ARGUMENT");
        bus.refusal(WINE, "nonsense", Map.of());
        expect(WINE, "CLIENT_ERROR 400 INVALID_ARGUMENT");
        bus.ask(WINE, new JsonObject().put("item_id", 43));
        expect(WINE, "OK 200 null");
        server.vertx().eventBus().send(IRIS, ROW.formatted("sent")); // who does not ask gets nothing
        eventually(() -> server.records().stream().anyMatch(record -> String.valueOf(record.getString("error"))
                .startsWith("the message has no reply address")));
    }

    @Test
    void tooManyRequestsAreRefused() throws Exception {
        try (var small = TestServer.start(
                "models.repository=" + Rows.repository(), "event-bus.max-requests=1", "http.body-memory=4KiB")) {
            var caller = new BusCaller(small.vertx());
            var fat = new JsonObject(ROW.formatted("x")).put("more", "x".repeat(5_000));
            assertThat(caller.refusal(IRIS, fat, Map.of()))
                    .isEqualTo(
                            "413 the request takes more than the 4096 bytes that all together may (http.body-memory)");
            var running = caller.request(SLOW, ENDLESS, Map.of("timeout", "2s"));
            eventually(() -> small.meter("augur_bus_in_flight") == 1);
            assertThat(caller.refusal(IRIS, ROW.formatted("x"), Map.of()))
                    .isEqualTo("429 1 requests of the event bus are in flight already");
            assertThat(catchThrowable(() -> TestServer.await(running))).hasMessageContaining("within 2000 ms");
            eventually(() -> small.meter("augur_bus_in_flight") == 0);
            caller.ask(IRIS, ROW.formatted("x"));
        }
    }

    @Test
    void thereIsALongestTimeForAll() throws Exception {
        try (var hasty = TestServer.start("models.repository=" + Rows.repository(), "http.request-timeout=300ms")) {
            assertThat(new BusCaller(hasty.vertx()).refusal(SLOW, ENDLESS, Map.of()))
                    .isEqualTo("504 there was no answer within 300 ms");
            eventually(() -> hasty.meter("augur_model_running{model=\"broken_slow\",version=\"1\"}") == 0);
        }
    }

    @Test
    void withoutARecordThereIsNoAnswerWhereItIsToWaitForOne() throws Exception {
        try (var strict =
                TestServer.start("models.prediction-log=before-answer", "prediction-log.answer-patience=200ms")) {
            var caller = new BusCaller(strict.vertx());
            eventually(() -> strict.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
            for (int i = 0; i < 5; i++) {
                String id = "before" + i;
                caller.ask(IRIS, ROW.formatted(id));
                assertThat(strict.records()).anyMatch(record -> id.equals(record.getString("client_request_id")));
            }
            Handler<DeliveryContext<Object>> loss = message -> {
                if (!message.message().address().equals(Addresses.PREDICTION_LOG)) {
                    message.next();
                }
            };
            strict.vertx().eventBus().addOutboundInterceptor(loss);
            var model = caller.refusal(IRIS, ROW.formatted("unlogged"), Map.of());
            var pipeline = caller.refusal(WINE, "{\"item_id\":43}", Map.of());
            strict.vertx().eventBus().removeOutboundInterceptor(loss);
            assertThat(model).isEqualTo("503 the prediction log does not take records now");
            assertThat(pipeline).startsWith("503 the prediction log does not take records now");
            eventually(() -> strict.records().stream()
                    .anyMatch(record -> "unlogged".equals(record.getString("client_request_id"))));
        }
    }

    private static void expect(String endpoint, String outcome) throws Exception {
        eventually(() -> server.records().stream()
                .filter(record -> endpoint.equals(record.getString("endpoint")))
                .map(record -> record.getString("status") + " " + record.getInteger("http_status") + " "
                        + record.getString("error_code"))
                .anyMatch(outcome::equals));
    }
}
