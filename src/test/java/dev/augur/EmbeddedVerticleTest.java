package dev.augur;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.augur.client.AugurClient;
import dev.augur.client.LogPosition;
import dev.augur.cluster.ClusterConfig;
import dev.augur.cluster.ClusteredVertx;
import dev.augur.config.ConfigException;
import dev.augur.config.ConfigLoader;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nodes, and parts of them, that a program deploys by their names with JSON. */
@ExtendWith(VertxExtension.class)
class EmbeddedVerticleTest {
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);
    private static final JsonObject CELL = new JsonObject().put("item_id", 3);

    @TempDir
    Path data;

    private DeploymentOptions options(JsonObject more) {
        var shipped = new JsonObject()
                .put("data", new JsonObject().put("directory", data.toString()))
                .put("models", new JsonObject().put("repository", "conf/models"))
                .put("http", new JsonObject().put("port", 0))
                .put("shutdown", new JsonObject().put("pause", 0));
        return new DeploymentOptions().setConfig(shipped.mergeIn(more, /* deep= */ true));
    }

    private static JsonObject withPipeline() {
        return new JsonObject(
                """
                {"feature-stores": {"cells": {"kind": "csv", "path": "conf/features/breast_cancer.csv",
                                              "key-column": "item_id"}},
                 "pipelines": {"cells": {"store": "cells", "model": "breast_cancer"}}}""");
    }

    @Test
    void aWholeNodeIsOneVerticle(Vertx vertx) throws Exception {
        var client = AugurClient.overEventBus(vertx);
        String id = await(vertx.deployVerticle("dev.augur.AugurVerticle", options(withPipeline())));
        eventually(() -> await(client.predict("cells", CELL).transform(Future::succeededFuture))
                .succeeded());
        await(vertx.undeploy(id));
        assertThat(vertx.deploymentIDs()).isEmpty();
        assertThat(TestServer.records(data.resolve("predictions"))).isNotEmpty();
    }

    @Test
    void settingsThatAreWrongAreAllTold(Vertx vertx) {
        var wrong = new JsonObject("{\"http\": {\"port\": 70000}, \"wrokers\": 1}");
        assertThat(catchThrowable(() -> await(vertx.deployVerticle("dev.augur.AugurVerticle", options(wrong)))))
                .hasRootCauseInstanceOf(ConfigException.class)
                .hasMessageContaining("http.port")
                .hasMessageContaining("wrokers");
        assertThat(vertx.deploymentIDs()).isEmpty();
    }

    @Test
    void theLogIsAVerticleOfItsOwn(Vertx vertx) throws Exception {
        String log = await(vertx.deployVerticle("dev.augur.LogVerticle", options(new JsonObject())));
        var roles = new JsonObject()
                .put("roles", new JsonArray(List.of("http", "predict")))
                .put("cluster", new JsonObject().put("enabled", true)) // the log is elsewhere on this bus
                .mergeIn(withPipeline());
        String node = await(vertx.deployVerticle("dev.augur.AugurVerticle", options(roles)));
        var client = AugurClient.overEventBus(vertx);
        var got = new CopyOnWriteArrayList<JsonObject>();
        var subscription = client.subscribe(LogPosition.beginning(), record -> {
            got.add(record);
            return Future.succeededFuture();
        });
        eventually(() -> await(client.predict("cells", CELL).transform(Future::succeededFuture))
                .succeeded());
        eventually(() -> !got.isEmpty());
        subscription.close();
        await(vertx.undeploy(node));
        await(vertx.undeploy(log));
        assertThat(vertx.deploymentIDs()).isEmpty();
    }

    @Test
    void aServerIsEmbeddedInAClusterThatIsThere() throws Exception {
        int port = ChildProcess.freePort();
        var ours = join(port);
        var theirs = join(port);
        try {
            var log = new JsonObject().put("data", new JsonObject().put("directory", data + "/log"));
            String logging = await(theirs.deployVerticle("dev.augur.LogVerticle", options(log)));
            var config = ConfigLoader.load(
                    Map.of(),
                    Map.of(
                            "http.port", "0",
                            "shutdown.pause", "0",
                            "data.directory", data.toString(),
                            "roles", "http,predict",
                            "cluster.enabled", "true")); // so that the log may be theirs
            var server = await(Server.start(ours, config));
            var client = AugurClient.overEventBus(theirs);
            eventually(() -> await(client.predict("wine", ITEM).transform(Future::succeededFuture))
                    .succeeded());
            eventually(() -> !page(server).getJsonArray("records").isEmpty());
            assertThat(page(server).getValue("missing")).isNull();
            await(server.stop());
            await(theirs.undeploy(logging));
            assertThat(ours.deploymentIDs()).isEmpty();
            assertThat(theirs.deploymentIDs()).isEmpty();
        } finally {
            await(theirs.close());
            await(ours.close());
        }
    }

    private static JsonObject page(Server server) throws Exception {
        var asked = HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + "/predictions?model=wine"))
                .build();
        return new JsonObject(HttpClient.newHttpClient()
                .send(asked, HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static Vertx join(int port) throws Exception {
        return await(ClusteredVertx.join(
                new VertxOptions(),
                new ClusterConfig(
                        true,
                        "augur-embedded",
                        "127.0.0.1",
                        port,
                        2,
                        0,
                        List.of("127.0.0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        ClusterConfig.Patience.USUAL)));
    }
}
