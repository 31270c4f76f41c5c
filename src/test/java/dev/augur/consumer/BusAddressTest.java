package dev.augur.consumer;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.BusCaller;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Wines;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The addresses of models and pipelines answer as their routes do. */
class BusAddressTest {
    private static final String IRIS = "augur.models.iris";
    private static final String WINE = "augur.pipelines.wine";
    private static final JsonObject ROW = new JsonObject(
            "{\"id\":\"a\",\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");

    private static TestServer server;
    private static BusCaller bus;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        bus = new BusCaller(server.vertx());
        eventually(() -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aModelAnswersInTheFormOfTheRequest() throws Exception {
        var overHttp = server.post("/v2/models/iris/infer", ROW.encode()).body();
        assertThat(bus.ask(IRIS, ROW)).isEqualTo(new JsonObject(overHttp));
        assertThat(bus.ask(IRIS, ROW.toBuffer())).isEqualTo(Buffer.buffer(overHttp));
        assertThat(bus.ask(IRIS, ROW.encode())).isEqualTo(overHttp);
    }

    @Test
    void theHeaderChoosesTheVersion() throws Exception {
        var answer = (JsonObject) bus.ask(IRIS, ROW, Map.of("version", "1"));
        assertThat(answer.getString("model_version")).isEqualTo("1");
        assertThat(bus.refusal(IRIS, ROW, Map.of("version", "7")))
                .isEqualTo("404 Request for unknown model: 'iris' version 7 is not found, only 1");
    }

    @Test
    void tensorsGoInBinaryInABuffer() throws Exception {
        var json = Buffer.buffer("{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\","
                + "\"parameters\":{\"binary_data_size\":16}}],\"parameters\":{\"binary_data_output\":true}}");
        var numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asFloatBuffer().put(new float[] {5.1f, 3.5f, 1.4f, 0.2f});
        var options = new DeliveryOptions().addHeader("Inference-Header-Content-Length", "" + json.length());
        var body = json.copy().appendBytes(numbers.array());
        var answer = await(server.vertx().eventBus().<Buffer>request(IRIS, body, options));
        int jsonBytes = Integer.parseInt(answer.headers().get("Inference-Header-Content-Length"));
        assertThat(answer.body().getLongLE(jsonBytes)).isZero(); // the label, then three probabilities
        assertThat(answer.body().length()).isEqualTo(jsonBytes + 8 + 12);

        var wish = ROW.copy().put("parameters", new JsonObject().put("binary_data_output", true));
        assertThat(bus.refusal(IRIS, wish, Map.of())).startsWith("400 outputs in binary are for requests in a Buffer");
    }

    @Test
    void aPipelineAnswersAsItsRoute() throws Exception {
        var asked = new JsonObject().put("item_id", 43);
        var answer = (JsonObject) bus.ask(WINE, asked);
        var overHttp =
                new JsonObject(server.post("/predict/wine", asked.encode()).body());
        assertThat(answer.remove("record_id")).isInstanceOf(String.class).isNotEqualTo(overHttp.remove("record_id"));
        assertThat(answer.encode()).isEqualTo(overHttp.encode());
        assertThat(((Buffer) bus.ask(WINE, asked.toBuffer())).toJsonObject().getValue("label"))
                .isEqualTo("class_1");
        assertThat((String) bus.ask(WINE, asked.encode(), Map.of("explain", "features")))
                .contains("\"alcohol\":{\"value\":");
    }

    @Test
    void eachItemOfAPipelineHasItsOwnOutcome() throws Exception {
        var answer = (JsonObject) bus.ask(WINE, new JsonObject(Wines.requestForAll()));
        assertThat(answer.getJsonArray("items")).hasSize(Wines.rows().size());
        var mixed = (JsonObject) bus.ask(WINE, new JsonObject("{\"items\":[{\"item_id\":43},{\"item_id\":77777}]}"));
        assertThat(mixed.getJsonArray("items").getJsonObject(0).getString("label"))
                .isEqualTo("class_1");
        assertThat(mixed.getJsonArray("items")
                        .getJsonObject(1)
                        .getJsonObject("error")
                        .getInteger("status"))
                .isEqualTo(404);
    }

    @Test
    void largeRequestsDoNotHoldTheEventLoop() throws Exception {
        int rows = 32_768;
        var data = new JsonArray(Collections.nCopies(rows * 4, 1.25));
        var input = new JsonObject()
                .put("name", "features")
                .put("shape", new JsonArray().add(rows).add(4))
                .put("datatype", "FP32")
                .put("data", data);
        var request = new JsonObject().put("inputs", new JsonArray().add(input));
        var answer = (JsonObject) bus.ask(IRIS, request); // the server fails when it is closed if it was held
        assertThat(answer.getJsonArray("outputs").getJsonObject(0).getJsonArray("data"))
                .hasSize(rows);
        eventually(() -> server.meter("augur_http_body_memory_bytes") == 0);
    }

    @Test
    void whoIsNotThereHasNoHandlers() {
        assertThat(bus.failure("augur.models.nobody", ROW, Map.of()).failureType())
                .isEqualTo(ReplyFailure.NO_HANDLERS);
        assertThat(bus.failure("augur.pipelines.nobody", ROW, Map.of()).failureType())
                .isEqualTo(ReplyFailure.NO_HANDLERS);
    }

    @Test
    void itIsMeasured() throws Exception {
        bus.ask(IRIS, ROW);
        assertThat(server.meter("augur_bus_requests_total{address=\"augur.models.iris\",status=\"200\"}"))
                .isPositive();
        eventually(() -> server.meter("augur_bus_in_flight") == 0);
    }
}
