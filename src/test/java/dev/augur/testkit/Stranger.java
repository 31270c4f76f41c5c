package dev.augur.testkit;

import com.hazelcast.config.Config;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.spi.cluster.hazelcast.ConfigUtil;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import org.jspecify.annotations.Nullable;

/** A program of others in a cluster: nothing of ours looks after its connections. */
public final class Stranger {
    private Stranger() {}

    /**
     * Joins nodes at one of four ports from that one on.
     *
     * @param own what it shows; {@code null}: it speaks no TLS
     */
    public static Vertx join(String cluster, int port, @Nullable Certificate own, Authority authority)
            throws Exception {
        Config hazelcast = ConfigUtil.loadConfig().setClusterName(cluster);
        hazelcast.getNetworkConfig().setPort(port).setPortCount(4);
        var join = hazelcast.getNetworkConfig().getJoin();
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + port);
        var options = new VertxOptions();
        options.getEventBusOptions().setHost("127.0.0.1");
        if (own != null) {
            options.getEventBusOptions()
                    .setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setTrustAll(false)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(own.file().toString())
                            .setKeyPath(own.keyFile().toString()))
                    .setTrustOptions(
                            new PemTrustOptions().addCertPath(authority.file().toString()));
        }
        return TestServer.await(Vertx.builder()
                .with(options)
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered());
    }
}
