package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.testkit.ClusterMembers;
import dev.augur.testkit.ClusterMembers.Member;
import dev.augur.testkit.FutureCodec;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose Augur speaks another version with other nodes: what it has is told to be missing. */
class ForeignNodeTest {
    private static final String ALL = "{\"parameters\":{\"nodes\":\"all\"}}";
    private static final String REASON =
            "it is Augur 9.0.0, whose nodes speak version 9 with one another, this one version 1";

    @TempDir
    Path directory;

    @Test
    void whatItHasIsToldToBeMissingAndWhatItSendsHarmsNobody() throws Exception {
        try (var members = new ClusterMembers(directory)) {
            var node = members.start("node", "http,predict,log");
            var newer = join(members.port());
            assertThat(node.get("/predictions").body()).doesNotContain("missing");

            eventually(() -> {
                say(newer, false); // once it knows who listens
                return node.get("/predictions").body().contains(REASON);
            });
            isMissing(node);
            bringsNoConnectionToItsEnd(newer);

            say(newer, true);
            eventually(() -> node.get("/predictions").body().contains("it has left"));
            assertThat(node.post("/v2/repository/models/iris/load", ALL).statusCode())
                    .isEqualTo(200);
            await(newer.close());
        }
    }

    private static void isMissing(Member node) throws Exception {
        var missing = new JsonObject(node.get("/predictions").body()).getJsonArray("missing");
        assertThat(missing)
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("node", "node-new")
                                .put("writer", "writer-new")
                                .put("reason", REASON)));
        assertThat(node.get("/predictions/nobody").statusCode()).isEqualTo(503);
        assertThat(node.get("/predictions/nobody").body()).contains("node-new: " + REASON);
        var loaded = node.post("/v2/repository/models/iris/load", ALL);
        assertThat(loaded.statusCode()).isEqualTo(503);
        assertThat(loaded.body()).contains("1 of 2 nodes did not do it", "it was not asked: " + REASON);
        assertThat(node.get("/cluster").body()).doesNotContain("node-new");
    }

    /** A message that nobody here can read is lost, and nothing else is. */
    private static void bringsNoConnectionToItsEnd(Vertx newer) throws Exception {
        newer.eventBus().registerCodec(new FutureCodec());
        var bus = newer.eventBus();
        var item = new JsonObject().put("item_id", 43);
        eventually(() -> knows(bus, item));
        for (int i = 0; i < 5; i++) {
            var lost = bus.request(
                    "augur.prediction-log",
                    "of a newer version",
                    new DeliveryOptions().setCodecName(FutureCodec.NAME).setSendTimeout(200));
            var answer = await(bus.request("augur.pipelines.wine", item, new DeliveryOptions().setSendTimeout(5_000)));
            assertThat(((JsonObject) answer.body()).getString("label")).isEqualTo("class_1");
            eventually(lost::failed);
        }
    }

    private static void say(Vertx newer, boolean leaves) {
        var said = new JsonObject()
                .put("node", "node-new")
                .put("version", "9.0.0")
                .put("roles", new JsonArray().add("predict").add("log"))
                .put("log_writer", "writer-new")
                .put("models", "which this one cannot read")
                .put("wire", 9);
        newer.eventBus().publish("augur.nodes", leaves ? said.put("leaves", true) : said);
    }

    private static boolean knows(EventBus bus, JsonObject item) throws Exception {
        try {
            return await(bus.request("augur.pipelines.wine", item)) != null;
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    private static Vertx join(int port) throws Exception {
        return await(ClusteredVertx.join(
                new VertxOptions(),
                new ClusterConfig(
                        true,
                        "augur-test",
                        "127.0.0.1",
                        port,
                        8,
                        0,
                        List.of("127.0.0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        ClusterConfig.Patience.USUAL)));
    }
}
