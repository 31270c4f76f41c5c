package dev.augur.run;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.bus.Addresses;
import dev.augur.client.AugurClient;
import dev.augur.client.CallOptions;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.InferenceResponse;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.testkit.ClusterNodes;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program of the cluster that asks over the event bus and leaves long before its time has passed: the node that
 * predicts and the one that has the log are processes of their own.
 */
class LeavingCallerTest {
    private static final InferenceRequest ENDLESS =
            InferenceRequest.of("broken_slow", Tensor.ofLongs("n", Shape.of(1), 1_000_000_000));
    private static final String RUNNING = "augur_model_running{model=\"broken_slow\",version=\"1\"}";
    private static final String IN_FLIGHT = "augur_bus_in_flight";

    @TempDir
    Path directory;

    /** One that asks, and can leave. */
    private record Caller(Promise<Void> left, Future<InferenceResponse> answer) {
        static Caller asks(AugurClient client, String name) {
            Promise<Void> left = Promise.promise();
            var options = CallOptions.within(Duration.ofMinutes(5)).named(name).until(left.future());
            return new Caller(left, client.infer(ENDLESS, options));
        }

        void leaves() {
            left.complete();
            assertThatThrownBy(() -> await(answer)).hasMessageContaining("does not wait any more");
        }
    }

    @Test
    void itsRunOnAnotherNodeIsStoppedOrLeavesTheQueue() throws Exception {
        var cluster = new ClusterNodes(directory);
        try (var log = cluster.start("log", "log");
                var works = cluster.start(
                        "works",
                        "http,predict",
                        "models.repository=" + Rows.repository(),
                        "models.by-name.broken_slow.workers=1")) {
            var vertx = cluster.join();
            var heard = new AtomicInteger();
            var client = AugurClient.overEventBus(vertx); // and has heard no node: the bus chooses
            vertx.eventBus().<JsonObject>consumer(Addresses.NODES, message -> {
                if (message.body().getJsonArray("models").toString().contains("broken_slow")) {
                    heard.incrementAndGet();
                }
            });
            var runs = Caller.asks(client, "runs");
            eventually(() -> works.meter(RUNNING) == 1);
            eventually(() -> heard.get() > 1); // and so has the client
            var waits = Caller.asks(client, "waits");
            eventually(() -> works.meter(IN_FLIGHT) == 2);

            waits.leaves();
            eventually(() -> works.meter(IN_FLIGHT) == 1);
            assertThat(works.meter(RUNNING)).isEqualTo(1);
            assertThat(runs.answer().isComplete()).isFalse();
            runs.leaves();
            eventually(() -> works.meter(IN_FLIGHT) == 0 && works.meter(RUNNING) == 0);
            for (String name : List.of("runs", "waits")) {
                eventually(() -> "CANCELLED".equals(status(name)));
            }
            await(client.close());
            await(vertx.close());
            assertThat(log.alive()).isTrue();
        }
    }

    /** What its record says; empty where there is none yet. */
    private String status(String name) throws Exception {
        return TestServer.records(directory.resolve("log").resolve("predictions")).stream()
                .filter(record -> name.equals(record.getString("client_request_id")))
                .map(record -> record.getString("status"))
                .findFirst()
                .orElse("");
    }
}
