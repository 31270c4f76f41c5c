package dev.augur;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.config.ConfigLoader;
import io.vertx.core.Vertx;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
    @Test
    void anotherProgramStartsAServerOnItsOwnVertx(@TempDir Path data) throws Exception {
        var vertx = Vertx.vertx();
        var config = ConfigLoader.load(Map.of(), Map.of("http.port", "0", "data.directory", data.toString()));
        var server = await(Server.start(vertx, config));
        var status = vertx.createHttpClient()
                .request(new RequestOptions().setAbsoluteURI(server.url().orElseThrow() + "/v2/models/iris/ready"))
                .compose(request -> request.send().map(response -> response.statusCode()));
        assertThat(await(status)).isEqualTo(200);
        await(server.stop());
        assertThat(vertx.deploymentIDs()).isEmpty();
        await(vertx.timer(1)); // this Vert.x is the program's own, and goes on
        await(vertx.close());
    }
}
