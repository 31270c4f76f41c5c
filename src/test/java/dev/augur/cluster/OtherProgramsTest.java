package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ChildProcess;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Programs that are no members and have a port where one could be: each node asked them for a minute at its start. */
@ExtendWith(VertxExtension.class)
class OtherProgramsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static ClusterConfig config(int port, List<String> members) {
        return new ClusterConfig(
                true,
                "augur-other-programs",
                "127.0.0.1",
                port,
                /* portCount= */ 1,
                0,
                members,
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Patience.USUAL);
    }

    @Test
    void areFoundAndNotWaitedFor(Vertx vertx) throws Exception {
        int port = ChildProcess.freePort();
        String member = "127.0.0.1:" + port;
        String nobody = "127.0.0.1:" + ChildProcess.freePort();
        var web = await(vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1"));
        try (var mute = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String silent = "127.0.0.1:" + mute.getLocalPort();
            String http = "127.0.0.1:" + web.actualPort();
            long start = System.nanoTime();
            var joined =
                    await(ClusteredVertx.join(new VertxOptions(), config(port, List.of(member, nobody, silent, http))));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
            assertThat(OtherPrograms.among(List.of(member, nobody, silent, http), Duration.ofSeconds(2)))
                    .containsExactlyInAnyOrder(silent, http);
            await(joined.close());
        }
    }
}
