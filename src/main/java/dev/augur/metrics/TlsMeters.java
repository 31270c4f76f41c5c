package dev.augur.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** {@code augur_tls_reload_failures_total}: looks at new files of TLS that could not be used. Thread-safe. */
public final class TlsMeters {
    private final Counter http;
    private final Counter cluster;

    TlsMeters(MeterRegistry registry) {
        this.http = failures(registry, "http.tls");
        this.cluster = failures(registry, "cluster.tls");
    }

    private static Counter failures(MeterRegistry registry, String setting) {
        return Counter.builder("augur.tls.reload.failures")
                .description("Looks at files of TLS that have changed and cannot be used, one each second")
                .tag("setting", setting)
                .register(registry);
    }

    /** New files of {@code http.tls} cannot be used. */
    public void httpFailed() {
        http.increment();
    }

    /** New files of {@code cluster.tls} cannot be used. */
    public void clusterFailed() {
        cluster.increment();
    }
}
