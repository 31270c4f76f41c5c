package dev.augur.run;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.BusCaller;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that predict, as processes of their own, and a program that joins them and asks over the event bus. */
class BusClusterTest {
    private static final String IRIS = "augur.models.iris";
    private static final String WINE = "augur.pipelines.wine";
    private static final JsonObject ROW = new JsonObject(
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);

    @TempDir
    Path directory;

    @Test
    void theNodesOfAClusterShareTheAddresses() throws Exception {
        int port = ChildProcess.freePort();
        try (var first = node(port, "first");
                var second = node(port, "second")) {
            var vertx = join(port);
            var bus = new BusCaller(vertx);
            eventually(() -> answers(bus, WINE, ITEM));
            for (int i = 0; i < 40; i++) {
                assertThat(((JsonObject) bus.ask(IRIS, ROW)).getString("model_name"))
                        .isEqualTo("iris");
                assertThat(((Buffer) bus.ask(WINE, ITEM.toBuffer()))
                                .toJsonObject()
                                .getString("label"))
                        .isEqualTo("class_1");
            }
            assertThat(bus.refusal(IRIS, "nonsense", Map.of())).startsWith("400 the body is not valid JSON");
            assertThat(bus.refusal(IRIS, 7, Map.of())).startsWith("415 ");
            assertThat(bus.refusal(WINE, new JsonObject(), Map.of())).isEqualTo("422 [body, item_id]: Field required");
            assertThat(bus.failure("augur.models.nobody", ROW, Map.of()).failureType())
                    .isEqualTo(ReplyFailure.NO_HANDLERS);
            large(bus);

            for (String name : List.of("first", "second")) {
                eventually(() -> records(name, IRIS) >= 20 && records(name, WINE) >= 20);
            }
            first.signal("TERM");
            assertThat(first.exitCode()).isZero();
            eventually(() -> answers(bus, IRIS, ROW));
            bus.ask(WINE, ITEM);
            second.signal("TERM");
            assertThat(second.exitCode()).isZero();
            await(vertx.close());
        }
    }

    /** A megabyte of JSON, as an object that the node has to decode. */
    private static void large(BusCaller bus) throws Exception {
        int rows = 32_768;
        var input = new JsonObject()
                .put("name", "features")
                .put("shape", new JsonArray().add(rows).add(4))
                .put("datatype", "FP32")
                .put("data", new JsonArray(Collections.nCopies(rows * 4, 1.25)));
        var answer = (JsonObject) bus.ask(IRIS, new JsonObject().put("inputs", new JsonArray().add(input)));
        assertThat(answer.getJsonArray("outputs").getJsonObject(0).getJsonArray("data"))
                .hasSize(rows);
    }

    private static boolean answers(BusCaller bus, String address, JsonObject body) throws Exception {
        try {
            return bus.ask(address, body) != null;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(ReplyException.class); // not yet known, or not any more
            return false;
        }
    }

    private long records(String name, String endpoint) throws Exception {
        return TestServer.records(directory.resolve(name).resolve("predictions")).stream()
                .filter(record -> endpoint.equals(record.getString("endpoint")))
                .filter(record -> "OK".equals(record.getString("status")))
                .count();
    }

    private static Vertx join(int port) throws Exception {
        return await(ClusteredVertx.join(
                new VertxOptions(),
                new ClusterConfig(
                        true,
                        "augur-bus-test",
                        "127.0.0.1",
                        port,
                        8,
                        0,
                        List.of("127.0.0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        ClusterConfig.Patience.USUAL)));
    }

    private AugurProcess node(int port, String name) throws Exception {
        var data = Files.createDirectories(directory.resolve(name));
        return AugurProcess.start(
                Map.of(
                        "AUGUR_DATA_DIRECTORY", data.toString(),
                        "AUGUR_CLUSTER_NAME", "augur-bus-test",
                        "AUGUR_CLUSTER_PORT", String.valueOf(port)),
                "--cluster",
                "--roles",
                "predict,log");
    }
}
