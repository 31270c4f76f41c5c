package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code augur_access_total}: requests that had to show a key or a token, by outcome, and those let in by principal.
 * The first hundred principals have a label of their own, all others share one. {@code augur_access_log_lost_total}.
 * Thread-safe.
 */
public final class AccessMeters {
    private static final int MAX_LABELS = 100;
    private static final String OTHERS = "others";
    private static final String NOBODY = "";

    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, Counter> granted = new ConcurrentHashMap<>();
    private final Counter unknown;
    private final Counter denied;
    private final Counter linesLost;

    AccessMeters(MeterRegistry registry) {
        this.registry = registry;
        this.unknown = counter("unauthenticated", NOBODY);
        this.denied = counter("denied", NOBODY);
        this.linesLost = Counter.builder("augur.access.log.lost")
                .description("Lines of the access log that its queue had no room for")
                .register(registry);
    }

    /** Somebody was let in. */
    public void granted(String principal) {
        var counter = granted.get(principal);
        if (counter == null) {
            counter = granted.size() < MAX_LABELS
                    ? granted.computeIfAbsent(principal, name -> counter("granted", name))
                    : granted.computeIfAbsent(OTHERS, name -> counter("granted", name));
        }
        counter.increment();
    }

    /** Somebody showed nothing, or nothing good. */
    public void unauthenticated() {
        unknown.increment();
    }

    /** Somebody may not. */
    public void denied() {
        denied.increment();
    }

    /** A line of the access log was not written, since its queue was full. */
    public void lineLost() {
        linesLost.increment();
    }

    private Counter counter(String outcome, String principal) {
        return Counter.builder("augur.access")
                .description("Requests that had to show a key or a token")
                .tag("outcome", outcome)
                .tag("principal", principal)
                .register(registry);
    }
}
