package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * {@code augur_client_refused_total}: what one client had too much of, by reason, and {@code augur_clients}, how many
 * are known. No client has a label of his own. Thread-safe.
 */
public final class ClientMeters {
    private final MeterRegistry registry;
    private final Map<Reason, Counter> refused = new EnumMap<>(Reason.class);

    /** What a client may have too much of. */
    public enum Reason {
        CONNECTIONS("connections"),
        RATE("requests-per-second"),
        IN_FLIGHT("in-flight"),
        BYTES("bytes-per-second");

        private final String setting;

        Reason(String setting) {
            this.setting = setting;
        }

        /** The setting that says how much. */
        public String setting() {
            return setting;
        }
    }

    ClientMeters(MeterRegistry registry) {
        this.registry = registry;
        for (Reason reason : Reason.values()) {
            refused.put(
                    reason,
                    Counter.builder("augur.client.refused")
                            .description("Requests and connections above the limits of one client")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /** Somebody has too much of that. */
    public void refused(Reason reason) {
        refused.getOrDefault(reason, refused.get(Reason.RATE)).increment();
    }

    /** Watches how many clients are known. */
    public void watch(LongSupplier clients) {
        Gauge.builder("augur.clients", clients, LongSupplier::getAsLong)
                .description("Clients whose limits are watched")
                .strongReference(true)
                .register(registry);
    }
}
