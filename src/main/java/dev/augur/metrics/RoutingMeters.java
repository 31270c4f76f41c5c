package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests for what other nodes have: {@code augur_routed_requests_total} by outcome,
 * {@code augur_routed_retries_total}, {@code augur_routed_in_flight}. Thread-safe.
 */
public final class RoutingMeters {
    private final Counter answered;
    private final Counter failed;
    private final Counter retried;
    private final AtomicInteger inFlight = new AtomicInteger();

    RoutingMeters(MeterRegistry registry) {
        this.answered = requests(registry, "answered");
        this.failed = requests(registry, "failed");
        this.retried = Counter.builder("augur.routed.retries")
                .description("Requests that were asked of one more node")
                .register(registry);
        Gauge.builder("augur.routed.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that other nodes have now")
                .register(registry);
    }

    private static Counter requests(MeterRegistry registry, String outcome) {
        return Counter.builder("augur.routed.requests")
                .description("Requests that went to other nodes")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** Another node has answered, whatever it said. */
    public void answered() {
        answered.increment();
    }

    /** No other node has. */
    public void failed() {
        failed.increment();
    }

    /** One more node is asked. */
    public void retried() {
        retried.increment();
    }

    /** So many more are under way. */
    public void inFlight(int more) {
        inFlight.addAndGet(more);
    }
}
