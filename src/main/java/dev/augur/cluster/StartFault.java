package dev.augur.cluster;

import com.hazelcast.core.HazelcastException;
import java.io.IOException;
import java.net.BindException;

/** Why a node did not get into its cluster, with the settings to look at. Thread-safe. */
final class StartFault {
    private StartFault() {}

    /** The same failure as an {@code IOException} where it is one of the settings or of the network. */
    static Throwable inWords(ClusterConfig config, Throwable failure) {
        String told = String.valueOf(failure.getMessage());
        if (failure instanceof IllegalStateException && told.contains("Node failed")) {
            return new IOException(
                    "the cluster \"" + config.name() + "\" did not let this node in, since its members at "
                            + config.dns().orElseGet(() -> config.members().toString())
                            + " have other settings of Hazelcast; the reason is the line above with"
                            + " \"Node could not join cluster\"");
        }
        if (failure instanceof HazelcastException && failure.getCause() instanceof BindException taken) {
            int last = config.port() + config.portCount() - 1;
            return new IOException(
                    "cluster.port: none of " + config.port() + " to " + last + " at " + config.host()
                            + " can be bound, expected one (cluster.port-count: " + config.portCount()
                            + "): " + taken.getMessage(),
                    failure);
        }
        if (told.contains("No matching network interface")) {
            return new IOException(
                    "cluster.host: no network interface of this machine has the address " + config.host(), failure);
        }
        boolean unbound =
                failure instanceof BindException || (failure instanceof IOException && told.startsWith("bind("));
        return unbound
                ? new IOException(
                        "cluster.event-bus-port: " + config.eventBusPort() + " at " + config.host()
                                + " cannot be bound: " + told,
                        failure)
                : failure;
    }
}
