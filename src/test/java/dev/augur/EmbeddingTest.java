package dev.augur;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.config.ConfigLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class EmbeddingTest {
    @Test
    void anotherProgramStartsAServerOnItsOwnVertx(Vertx vertx, @TempDir Path data) throws Exception {
        var config = ConfigLoader.load(Map.of(), Map.of("http.port", "0", "data.directory", data.toString()));
        var server = await(Server.start(vertx, config));
        var status = vertx.createHttpClient()
                .request(new RequestOptions().setAbsoluteURI(server.url().orElseThrow() + "/v2/models/iris/ready"))
                .compose(request -> request.send().map(response -> response.statusCode()));
        assertThat(await(status)).isEqualTo(200);
        var wine = await(ready(vertx));
        assertThat(wine.body().getString("label")).isEqualTo("class_1");
        await(server.stop());
        assertThat(vertx.deploymentIDs()).isEmpty();
        await(vertx.timer(1)); // this Vert.x is the program's own, and goes on
    }

    /** The features are read after the start. */
    private static Future<Message<JsonObject>> ready(Vertx vertx) {
        return vertx.eventBus()
                .<JsonObject>request("augur.pipelines.wine", new JsonObject().put("item_id", 43))
                .recover(notYet -> vertx.timer(50).compose(later -> ready(vertx)));
    }
}
