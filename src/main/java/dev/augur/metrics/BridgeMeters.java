package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code augur_bridge_connections}: clients of the bridges; {@code augur_bridge_messages_total}: their messages, by
 * outcome: {@code sent}, {@code delivered}, {@code refused}, {@code too-slow}. Thread-safe.
 */
public final class BridgeMeters {
    private final MeterRegistry registry;
    private final AtomicInteger connections = new AtomicInteger();

    BridgeMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("augur.bridge.connections", connections, AtomicInteger::get)
                .description("Clients of the bridges to the event bus")
                .register(registry);
    }

    /** Clients that are connected. */
    public int connections() {
        return connections.get();
    }

    /** A client has come. */
    public void opened() {
        connections.incrementAndGet();
    }

    /** A client has left. */
    public void closed() {
        connections.decrementAndGet();
    }

    /** A message has gone that way. */
    public void message(String outcome) {
        Counter.builder("augur.bridge.messages")
                .description("Messages of clients of the bridges")
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }
}
