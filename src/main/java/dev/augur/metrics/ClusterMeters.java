package dev.augur.metrics;

import dev.augur.membership.Nodes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** {@code augur_cluster_nodes}: the other nodes of the cluster, by state. Thread-safe. */
final class ClusterMeters {
    private ClusterMeters() {}

    static void register(MeterRegistry registry, Nodes nodes) {
        for (Nodes.State state : Nodes.State.values()) {
            Gauge.builder("augur.cluster.nodes", nodes, known -> known.count(state))
                    .description("Other nodes of the cluster that are known")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
