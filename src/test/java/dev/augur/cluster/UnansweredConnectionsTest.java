package dev.augur.cluster;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.nio.Packet;
import dev.augur.testkit.ChildProcess;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A member that is stopped: the system still takes connections for it, and nothing is ever answered. */
class UnansweredConnectionsTest {
    private static final String CLUSTER = "augur-unanswered";
    private static final int LIMIT_MILLIS = 30_000;

    @Test
    void areClosed() throws Exception {
        int port = ChildProcess.freePort();
        var joined = await(ClusteredVertx.join(
                new VertxOptions(),
                new ClusterConfig(
                        true,
                        CLUSTER,
                        "127.0.0.1",
                        port,
                        /* portCount= */ 1,
                        0,
                        List.of("127.0.0.1:" + port),
                        Optional.empty(),
                        Optional.empty(),
                        ClusterConfig.Patience.USUAL)));
        var hazelcast = Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getConfig().getClusterName().equals(CLUSTER))
                .findFirst()
                .orElseThrow();
        var connections = ((HazelcastInstanceProxy) hazelcast)
                .getOriginal()
                .node
                .getServer()
                .getConnectionManager(EndpointQualifier.MEMBER);
        try (var mute = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            mute.setSoTimeout(LIMIT_MILLIS);
            connections.transmit(new Packet(new byte[8]), new Address("127.0.0.1", mute.getLocalPort()), 0);
            try (var connection = mute.accept()) {
                connection.setSoTimeout(LIMIT_MILLIS);
                assertThat(connection.getInputStream().readAllBytes())
                        .as("what came until it was closed")
                        .isNotEmpty();
            }
        } finally {
            await(joined.close());
        }
    }
}
