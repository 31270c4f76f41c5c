package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.testkit.ChildProcess;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node that cannot have its ports says which setting has them. */
class StartFaultTest {
    private static ClusterConfig config(String host, int port, int busPort) {
        return new ClusterConfig(
                true,
                "augur-start-fault",
                host,
                port,
                /* portCount= */ 1,
                busPort,
                List.of("127.0.0.1"),
                Optional.empty(),
                Optional.empty(),
                ClusterConfig.Patience.USUAL);
    }

    private static void fails(ClusterConfig config, String reason) {
        assertThatThrownBy(() -> await(ClusteredVertx.join(new VertxOptions(), config)))
                .hasStackTraceContaining(IOException.class.getName() + ": " + reason);
    }

    @Test
    void namesTheSettingOfAPortThatIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            fails(
                    config("127.0.0.1", port, 0),
                    "cluster.port: none of " + port + " to " + port + " at 127.0.0.1 can be bound");
            fails(
                    config("127.0.0.1", ChildProcess.freePort(), port),
                    "cluster.event-bus-port: " + port + " at 127.0.0.1 cannot be bound");
        }
    }

    @Test
    void namesAnAddressThatIsNotOfThisMachine() throws Exception {
        fails(
                config("192.0.2.1", ChildProcess.freePort(), 0),
                "cluster.host: no network interface of this machine has the address 192.0.2.1");
    }
}
