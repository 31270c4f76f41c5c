package dev.augur.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.XmlConfigBuilder;
import dev.augur.http.Entrance;
import dev.augur.http.PeerCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a Vert.x that joins its cluster, with Hazelcast and unicast discovery. Called once, at start. */
public final class ClusteredVertx {
    private static final String CONNECTIONS = BusConnections.class.getName();
    private static final String RESOURCE = "/cluster-hazelcast.xml";
    /** An address of IPv6 has a port only behind brackets. */
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.*]|[^:\\[\\]]*):[0-9]+");

    private static final int JOIN_TIMEOUT_SECONDS = 3;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int TCP_USER_TIMEOUT_MILLIS = 5_000;
    private static final int PING_MILLIS = 2_000;

    private ClusteredVertx() {}

    /** As {@link #join(VertxOptions, ClusterConfig, UnaryOperator)}, by these options alone. */
    public static Future<Vertx> join(VertxOptions options, ClusterConfig config) {
        return join(options, config, UnaryOperator.identity());
    }

    /**
     * Done when the node has joined. Fails when its port or address cannot be used.
     *
     * @param options what else this Vert.x is to have
     * @param more which options do not say
     */
    public static Future<Vertx> join(VertxOptions options, ClusterConfig config, UnaryOperator<VertxBuilder> more) {
        var bus = options.getEventBusOptions();
        // A dead peer's connection ends by the user time-out of TCP, which only the native transport has; Entrance
        // takes it
        // (src/docs/DESIGN.md).
        bus.setHost(config.host())
                .setPort(config.eventBusPort())
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setTcpUserTimeout(TCP_USER_TIMEOUT_MILLIS)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PING_MILLIS);
        var members = new ReachableMembers(
                members(config), JOIN_TIMEOUT_SECONDS, new Names(InetAddress::getAllByName), config.patience());
        var hazelcast = new HazelcastClusterManager(hazelcast(config, members));
        BusConnections connections;
        try {
            connections = new BusConnections(
                    bus, certificate(config), config.patience().unreadBytes());
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        return Entrance.buildClustered(
                        more.apply(Vertx.builder().with(options)).withClusterManager(hazelcast), connections::around)
                .onSuccess(joined -> {
                    JoinRefusals.tell(hazelcast.getHazelcastInstance());
                    TlsAgreement.look(hazelcast.getHazelcastInstance());
                    UnansweredConnections.watch(hazelcast.getHazelcastInstance());
                    members.joined(hazelcast.getHazelcastInstance());
                    connections.watchEnd(joined);
                    joined.sharedData()
                            .<String, BusConnections>getLocalMap(CONNECTIONS)
                            .put(CONNECTIONS, connections);
                })
                .recover(failure -> Future.failedFuture(StartFault.inWords(config, failure)));
    }

    /** Connections of this Vert.x that were ended since another node did not read. May be called on any thread. */
    public static long unread(Vertx vertx) {
        var connections = vertx.sharedData()
                .<String, BusConnections>getLocalMap(CONNECTIONS)
                .get(CONNECTIONS);
        return connections == null ? 0 : connections.unread();
    }

    private static @Nullable PeerCertificate certificate(ClusterConfig config) throws IOException {
        return config.tls().isEmpty() ? null : PeerCertificate.read(config.tls().get(), config.host());
    }

    private static Config hazelcast(ClusterConfig config, ReachableMembers members) {
        var properties = new Properties();
        properties.setProperty("cluster.name", config.name());
        properties.setProperty("cluster.host", config.host());
        properties.setProperty("cluster.port", String.valueOf(config.port()));
        properties.setProperty("cluster.port-count", String.valueOf(config.portCount()));
        try (InputStream xml = ClusteredVertx.class.getResourceAsStream(RESOURCE)) {
            var hazelcast = new XmlConfigBuilder(xml).setProperties(properties).build();
            hazelcast.getNetworkConfig().getJoin().setTcpIpConfig(members);
            config.dns().ifPresent(name -> lookUp(hazelcast, name, config));
            TlsAgreement.say(hazelcast, config.tls().isPresent());
            if (config.host().contains(":")) { // Hazelcast offers addresses of IPv4 alone otherwise
                hazelcast.setProperty("hazelcast.prefer.ipv4.stack", "false");
            }
            return hazelcast;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hazelcast's own plug-in for Kubernetes asks for the addresses of a name; it needs no Kubernetes for that. */
    private static void lookUp(Config hazelcast, String name, ClusterConfig config) {
        var join = hazelcast.getNetworkConfig().getJoin();
        join.getTcpIpConfig().setEnabled(false);
        join.getKubernetesConfig()
                .setEnabled(true)
                .setProperty("service-dns", name)
                .setProperty(
                        "service-dns-timeout", wholeSeconds(config.patience().dns()))
                .setProperty("service-port", String.valueOf(config.port()));
    }

    private static String wholeSeconds(Duration time) {
        return String.valueOf(time.plusMillis(999).toSeconds());
    }

    /** Every address at which a member may be: a host without a port may have any port of the range. */
    private static List<String> members(ClusterConfig config) {
        var addresses = new ArrayList<String>();
        for (String member : config.members()) {
            if (WITH_PORT.matcher(member).matches()) {
                addresses.add(member);
            } else {
                String host = member.contains(":") && !member.startsWith("[") ? "[" + member + "]" : member;
                for (int i = 0; i < config.portCount(); i++) {
                    addresses.add(host + ":" + (config.port() + i));
                }
            }
        }
        return addresses;
    }
}
