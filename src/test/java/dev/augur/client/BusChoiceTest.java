package dev.augur.client;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.Server;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigLoader;
import dev.augur.inference.InferenceRequest;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.testkit.BareMember;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.TcpClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Which of two nodes the client asks over the event bus, and what becomes of a call whose node is lost. */
@ExtendWith(VertxExtension.class)
class BusChoiceTest {
    private static final InferenceRequest ROW =
            InferenceRequest.of("iris", Tensor.ofFloats("features", Shape.of(1, 4), 5.1f, 3.5f, 1.4f, 0.2f));
    private static final JsonObject BODY = new JsonObject(
            "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,4],\"datatype\":\"FP32\",\"data\":[5.1,3.5,1.4,0.2]}]}");
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);

    @TempDir
    Path folder;

    private final AtomicInteger fetches = new AtomicInteger();
    private final Map<String, String> common = new HashMap<>();
    private final List<Vertx> joined = new ArrayList<>();
    private int bridge;
    private Server one;
    private Server two;
    private Server idle;
    private AugurClient client;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        var store = await(vertx.createHttpServer()
                .requestHandler(unanswered -> fetches.incrementAndGet())
                .listen(0, "127.0.0.1"));
        int port = ChildProcess.freePort();
        bridge = ChildProcess.freePort();
        common.putAll(Map.of(
                "roles", "predict,log",
                "shutdown.pause", "0",
                "shutdown.timeout", "5s",
                "cluster.enabled", "true",
                "cluster.name", "augur-bare",
                "cluster.port", String.valueOf(port),
                "cluster.port-count", "3"));
        common.putAll(Map.of(
                "feature-stores.slow.kind", "http",
                "feature-stores.slow.url", "http://127.0.0.1:" + store.actualPort() + "/{id}",
                "feature-stores.slow.fetch-timeout", "60s",
                "feature-stores.slow.lookup.timeout", "59s",
                "pipelines.wine.store", "slow",
                "pipelines.wine.timeout", "60s"));
        one = node("one", Map.of("event-bus.tcp.enabled", "true", "event-bus.tcp.port", String.valueOf(bridge)));
        two = node("two", Map.of());
        joined.add(BareMember.join(port, Map.of("cluster.port-count", "3")));
        client = AugurClient.overEventBus(joined.get(2));
    }

    private Server node(String name, Map<String, String> more) throws Exception {
        var flags = new HashMap<>(common);
        flags.putAll(more);
        flags.put("data.directory", folder.resolve(name).toString());
        var config = ConfigLoader.load(Map.of(), flags);
        joined.add(await(ClusteredVertx.join(new VertxOptions(), config.cluster())));
        return await(Server.start(joined.get(joined.size() - 1), config));
    }

    @AfterEach
    void stop() throws Exception {
        await(client.close());
        await(one.stop().otherwiseEmpty()); // where it has failed what was not finished
        await(two.stop().otherwiseEmpty());
        for (var vertx : joined) {
            await(vertx.close());
        }
    }

    @Test
    void theBestNodeIsAskedAndAnotherWhereThatIsLost() throws Exception {
        bothAnswer();
        theNodeOfTheProcessIsAsked();
        theNodeOfABridgeIsAsked();
        aNodeThatSaysNothingAnyMoreIsAskedNoMore();
        theOneWithFewerRequestsIsAskedAndThenTheOneThatStays();
    }

    private void bothAnswer() throws Exception {
        eventually(() -> {
            ask("both");
            return records("one", "both") > 0 && records("two", "both") > 0;
        });
    }

    private void theNodeOfTheProcessIsAsked() throws Exception {
        var near = AugurClient.overEventBus(joined.get(0));
        eventually(
                () -> { // once it has heard the node
                    await(near.infer(ROW, CallOptions.DEFAULT.named("heard")));
                    return records("one", "heard") > 0;
                });
        eventually(() -> {
            String id = "near-" + System.nanoTime();
            for (int i = 0; i < 10; i++) {
                await(near.infer(ROW, CallOptions.DEFAULT.named(id)));
            }
            eventually(() -> records("one", id) + records("two", id) == 10);
            return records("two", id) == 0;
        });
        await(near.close());
    }

    private void theNodeOfABridgeIsAsked() throws Exception {
        try (var asking = new TcpClient(bridge)) {
            for (int i = 0; i < 10; i++) {
                asking.send(new JsonObject()
                        .put("type", "send")
                        .put("address", "augur.models.iris")
                        .put("replyAddress", "r" + i)
                        .put(
                                "headers",
                                new JsonObject().put("X-Request-Id", "bridged").put("address", "augur.models.wine"))
                        .put("body", BODY));
                assertThat(asking.next().getJsonObject("body").getString("model_name"))
                        .isEqualTo("iris");
            }
        }
        eventually(() -> records("one", "bridged") + records("two", "bridged") == 10);
        assertThat(records("two", "bridged")).isZero();
    }

    /** A node that is said to be there, and takes what it is asked, but answers nothing. */
    private void aNodeThatSaysNothingAnyMoreIsAskedNoMore() throws Exception {
        var member = joined.get(1).eventBus();
        var taken = new ArrayList<String>();
        MessageConsumer<Object> dead = member.consumer(
                "augur.nodes.dead", request -> taken.add(request.headers().get("X-Request-Id")));
        await(dead.completion());
        member.publish("augur.nodes", statement());
        eventually(() -> {
            var calls = new ArrayList<Future<?>>();
            for (int i = 0; i < 10; i++) {
                calls.add(client.infer(ROW, CallOptions.within(Duration.ofSeconds(30))));
            }
            await(Future.all(calls));
            return !taken.isEmpty();
        });
        int before = taken.size();
        ask("after");
        assertThat(taken).hasSize(before);
        await(dead.unregister());
    }

    private static JsonObject statement() {
        var iris = new JsonObject()
                .put("name", "iris")
                .put("version", "1")
                .put("state", "READY")
                .put("reason", "");
        return new JsonObject()
                .put("node", "dead")
                .put("version", "1.0.0")
                .put("roles", new JsonArray().add("predict"))
                .put("started_at", Instant.EPOCH.toString())
                .put("draining", false)
                .put("in_flight", 0)
                .put("models", new JsonArray().add(iris))
                .put("pipelines", new JsonArray())
                .put("bus", new JsonObject().put("address", "augur.nodes.dead").put("silence_ms", 2_000))
                .put("wire", 1);
    }

    private void theOneWithFewerRequestsIsAskedAndThenTheOneThatStays() throws Exception {
        var waits = client.predict("wine", ITEM, CallOptions.within(Duration.ofSeconds(60)));
        eventually(() -> fetches.get() == 1);
        eventually(
                () -> { // what a node has said of its load may be half a second old
                    String id = "asked-" + System.nanoTime();
                    for (int i = 0; i < 20; i++) {
                        ask(id);
                    }
                    eventually(() -> records("one", id) + records("two", id) == 20);
                    idle = records("one", id) == 20 ? one : two;
                    return records("one", id) % 20 == 0;
                });
        var stopped = (idle == one ? two : one).stop();
        eventually(() -> fetches.get() == 2);
        assertThat(waits.isComplete()).isFalse();
        assertThatThrownBy(() -> await(stopped)).hasMessageContaining("not answered");
        assertThat(waits.isComplete()).isFalse();
    }

    private void ask(String id) throws Exception {
        var answer = await(client.infer(ROW, CallOptions.DEFAULT.named(id)));
        assertThat(answer.model()).isEqualTo("iris");
    }

    private long records(String node, String id) throws Exception {
        return TestServer.records(folder.resolve(node).resolve("predictions")).stream()
                .filter(record -> id.equals(record.getString("client_request_id")))
                .count();
    }
}
