package dev.augur.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Makes a Vert.x that joins its cluster, with Hazelcast and unicast discovery. Called once, at start. */
public final class ClusteredVertx {
    private static final String RESOURCE = "/cluster-hazelcast.xml";
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int TCP_USER_TIMEOUT_MILLIS = 5_000;
    private static final int PING_MILLIS = 2_000;

    private ClusteredVertx() {}

    /**
     * Done when the node has joined. Fails when its port or address cannot be used.
     *
     * @param options what else this Vert.x is to have
     */
    public static Future<Vertx> join(VertxOptions options, ClusterConfig config) {
        // A dead peer's connection ends by the user time-out of TCP, which only the native transport has
        // (src/docs/DESIGN.md).
        options.setPreferNativeTransport(true);
        options.getEventBusOptions()
                .setHost(config.host())
                .setPort(config.eventBusPort())
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setTcpUserTimeout(TCP_USER_TIMEOUT_MILLIS)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS);
        return Vertx.builder()
                .with(options)
                .withClusterManager(new HazelcastClusterManager(hazelcast(config)))
                .buildClustered();
    }

    private static Config hazelcast(ClusterConfig config) {
        var properties = new Properties();
        properties.setProperty("cluster.name", config.name());
        properties.setProperty("cluster.host", config.host());
        properties.setProperty("cluster.port", String.valueOf(config.port()));
        properties.setProperty("cluster.port-count", String.valueOf(config.portCount()));
        properties.setProperty("cluster.members", String.join(",", members(config)));
        try (InputStream xml = ClusteredVertx.class.getResourceAsStream(RESOURCE)) {
            return new XmlConfigBuilder(xml).setProperties(properties).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every address at which a member may be: a host without a port may have any port of the range. */
    private static List<String> members(ClusterConfig config) {
        var addresses = new ArrayList<String>();
        for (String member : config.members()) {
            if (member.contains(":")) {
                addresses.add(member);
            } else {
                for (int i = 0; i < config.portCount(); i++) {
                    addresses.add(member + ":" + (config.port() + i));
                }
            }
        }
        return addresses;
    }
}
