package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** {@code GET /cluster} and {@code augur.events} of a node that is alone. */
class ClusterRouteTest {
    @Test
    void aNodeAloneTellsOfItself() throws Exception {
        try (var server = TestServer.start()) {
            var cluster = new JsonObject(server.get("/cluster").body());
            assertThat(cluster.getBoolean("clustered")).isFalse();
            assertThat(cluster.getString("cluster")).isNull();
            assertThat(cluster.getJsonArray("nodes")).hasSize(1);
            var node = cluster.getJsonArray("nodes").getJsonObject(0);
            assertThat(node.getString("node"))
                    .isEqualTo(cluster.getString("node"))
                    .isEqualTo(server.server().node());
            assertThat(node.getString("url")).isEqualTo(server.server().url().orElseThrow());
            assertThat(node.getString("log_writer")).startsWith("writer-");
            assertThat(node.getBoolean("answers")).isTrue();
            assertThat(node.getJsonArray("roles")).isEqualTo(new JsonArray("[\"http\",\"predict\",\"log\"]"));
            assertThat(node.getJsonArray("models").toString())
                    .contains("{\"name\":\"iris\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}");
            assertThat(node.getJsonArray("pipelines").toString()).contains("\"name\":\"wine\",\"model\":\"wine\"");
            assertThat(server.get("/cluster?node=x").statusCode()).isEqualTo(400);
            assertThat(server.post("/v2/repository/index", "{}").body()).doesNotContain("nodes");
        }
    }

    @Test
    void whatHappensToModelsIsPublished() throws Exception {
        try (var server = TestServer.start()) {
            var events = new CopyOnWriteArrayList<String>();
            await(server.vertx()
                    .eventBus()
                    .<JsonObject>consumer(
                            "augur.events",
                            message -> events.add(message.body().getString("event") + " "
                                    + message.body().getString("model") + " "
                                    + message.body().getString("node")))
                    .completion());
            String node = server.server().node();
            await(server.server().loaded());
            server.post("/v2/repository/models/iris/unload", "");
            eventually(() -> events.contains("model_unloaded iris " + node));
            server.post("/v2/repository/models/iris/load", "");
            eventually(() -> events.contains("model_loaded iris " + node));
            server.stop();
            eventually(() -> events.contains("drained null " + node) && events.contains("left null " + node));
        }
    }
}
