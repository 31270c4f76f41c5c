package dev.augur.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections of Hazelcast to a member that took them and never greets, as one that is stopped (SIGSTOP) does.
 * While one has something to send, Hazelcast's thread for it turns in circles (hazelcast#26473) and sends nothing for
 * other connections either, heartbeats among it: a node then was taken for dead by those that it could not reach. There
 * is no setting for how long a greeting may take, so this class, and no other, reaches into Hazelcast. Runs on threads
 * of Hazelcast's own, and ends with it.
 */
final class UnansweredConnections implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(UnansweredConnections.class);

    /** A connection has once to twice as long to greet: far less than a member may be without a heartbeat. */
    private static final int LOOK_SECONDS = 2;

    private final Node node;
    private Set<ServerConnection> before = Set.of();

    private UnansweredConnections(Node node) {
        this.node = node;
    }

    /** Looks at the connections of this instance from now on. */
    static void watch(HazelcastInstance hazelcast) {
        if (hazelcast instanceof HazelcastInstanceProxy proxy) {
            var node = proxy.getOriginal().node;
            var unused = node.getNodeEngine()
                    .getExecutionService()
                    .scheduleWithRepetition(
                            new UnansweredConnections(node), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void run() {
        var unanswered = node.getServer().getConnections().stream()
                .filter(UnansweredConnections::isUnanswered)
                .collect(Collectors.toSet());
        for (ServerConnection connection : unanswered) {
            if (before.contains(connection)) {
                LOG.info("cluster: {} takes connections and does not greet", connection.getRemoteAddress());
                connection.close("no greeting", null);
            }
        }
        before = unanswered;
    }

    /** Whether we have opened it and do not know who is there yet. */
    private static boolean isUnanswered(ServerConnection connection) {
        return connection instanceof TcpServerConnection open && !open.isAcceptorSide() && open.getRemoteUuid() == null;
    }
}
