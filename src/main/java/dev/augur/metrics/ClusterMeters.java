package dev.augur.metrics;

import dev.augur.membership.Nodes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The other nodes of the cluster by state, and those that do not read. Thread-safe. */
final class ClusterMeters {
    private ClusterMeters() {}

    static void register(MeterRegistry registry, Nodes nodes, LongSupplier unread) {
        FunctionCounter.builder("augur.event.bus.unread", unread, LongSupplier::getAsLong)
                .description("Connections to other nodes that were ended since what was sent there was not read")
                .register(registry);
        for (Nodes.State state : Nodes.State.values()) {
            Gauge.builder("augur.cluster.nodes", nodes, known -> known.count(state))
                    .description("Other nodes of the cluster that are known")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}
