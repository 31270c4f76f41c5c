package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * {@code augur_client_refused_total}: what one client had too much of, by reason, and {@code augur_clients}, how many
 * are known. No client has a label of his own. Thread-safe.
 */
public final class ClientMeters {
    private final MeterRegistry registry;
    private final Function<Reason, Counter> refused;

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
        var connections = counter(Reason.CONNECTIONS);
        var rate = counter(Reason.RATE);
        var inFlight = counter(Reason.IN_FLIGHT);
        var bytes = counter(Reason.BYTES);
        this.refused = reason -> switch (reason) {
            case CONNECTIONS -> connections;
            case RATE -> rate;
            case IN_FLIGHT -> inFlight;
            case BYTES -> bytes;
        };
    }

    /** Somebody has too much of that. */
    public void refused(Reason reason) {
        refused.apply(reason).increment();
    }

    private Counter counter(Reason reason) {
        return Counter.builder("augur.client.refused")
                .description("Requests and connections above the limits of one client")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    /** Watches how many clients are known. */
    public void watch(LongSupplier clients) {
        Gauge.builder("augur.clients", clients, LongSupplier::getAsLong)
                .description("Clients whose limits are watched")
                .strongReference(true)
                .register(registry);
    }
}
