package dev.augur.cluster;

import dev.augur.http.PeerTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where this node is reached by the others, and where it looks for them.
 *
 * @param enabled whether to join others at all
 * @param name nodes with different names do not join
 * @param host address of this node, for the cluster and for its event bus
 * @param port first port to try for the cluster; the next ones are tried if it is taken
 * @param portCount how many ports to try
 * @param eventBusPort port of this node's event bus; 0 takes a free one
 * @param members addresses to look for others at, {@code host} or {@code host:port}
 * @param dns a name that leads to the addresses of all nodes, which is asked instead of the members
 * @param tls between nodes; empty: there is none
 * @param patience with those that do not answer
 */
public record ClusterConfig(
        boolean enabled,
        String name,
        String host,
        int port,
        int portCount,
        int eventBusPort,
        List<String> members,
        Optional<String> dns,
        Optional<PeerTls> tls,
        Patience patience) {
    /**
     * How long others are waited for.
     *
     * @param search all of them together, where the other part of a cluster that was cut is looked for
     * @param dns a server of names that is asked for the addresses of all nodes
     * @param unreadBytes what each of them may leave unread of what the event bus sends to it
     */
    public record Patience(Duration search, Duration dns, long unreadBytes) {
        /** That of a node which is not told otherwise. */
        public static final Patience USUAL = new Patience(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Runtime.getRuntime().maxMemory() / 4);
    }

    public ClusterConfig {
        members = List.copyOf(members);
    }
}
