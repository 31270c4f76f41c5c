package dev.augur.metrics;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Exemplars of buckets and counters alone. Those of the counts of histograms, which the library has by default, make
 * older versions of Prometheus, such as 2.42, refuse the whole scrape. Thread-safe.
 */
record BucketExemplars() implements PrometheusConfig {
    @Override
    public @Nullable String get(String key) {
        return null;
    }

    @Override
    public Properties prometheusProperties() {
        var properties = new Properties();
        properties.setProperty("io.prometheus.exporter.exemplarsOnAllMetricTypes", "false");
        return properties;
    }
}
