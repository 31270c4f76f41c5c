package dev.augur.config;

import dev.augur.feature.FeatureStores;
import dev.augur.feature.LookupConfig;
import dev.augur.pipeline.PipelineConfig;
import dev.augur.pipeline.PipelinesConfig;
import dev.augur.predictionlog.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of feature stores and pipelines. */
final class PipelineSettings {
    private static final Duration ZERO = Duration.ZERO;
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAX_COUNT = 1_000_000;

    private PipelineSettings() {}

    /** Problems are left with the reader. */
    static PipelinesConfig read(ConfigReader reader) {
        var kinds = FeatureStores.builtIn();
        var stores = new LinkedHashMap<String, PipelinesConfig.Store>();
        reader.named("feature-stores").forEach((name, section) -> {
            var opening = kinds.read(new ConfigSection(name, section));
            stores.put(name, new PipelinesConfig.Store(opening, lookup(section.under("lookup."))));
        });
        var pipelines = new ArrayList<PipelineConfig>();
        reader.named("pipelines").forEach((name, section) -> pipelines.add(pipeline(name, section, stores.keySet())));
        return new PipelinesConfig(stores, pipelines);
    }

    private static PipelineConfig pipeline(String name, ConfigReader section, Set<String> stores) {
        String store = section.requiredText("store");
        if (!store.isEmpty() && !stores.contains(store)) {
            section.problem("store", "\"" + store + "\" is not allowed, expected one of feature-stores: " + stores);
        }
        String version = section.word("version", "latest");
        String label = section.text("label", "none");
        return new PipelineConfig(
                name,
                store,
                section.requiredText("model"),
                version.equals("latest") ? Optional.empty() : Optional.of(version),
                section.lists("inputs"),
                section.texts("outputs"),
                label.equals("none") ? Optional.empty() : Optional.of(label),
                new PipelineConfig.Limits(
                        section.duration("timeout", "2s", MILLISECOND, Duration.ofHours(1)),
                        section.integer("max-items", 1_000, 1, MAX_COUNT),
                        section.integer("max-waiting-items", 50_000, 1, MAX_COUNT)),
                section.choice("prediction-log", Delivery.class, Delivery.BEFORE_ANSWER));
    }

    private static LookupConfig lookup(ConfigReader section) {
        var standard = LookupConfig.standard();
        var retry = standard.retry();
        var breaker = standard.breaker();
        var bulkhead = standard.bulkhead();
        int percent = (int) Math.round(breaker.failureShare() * 100);
        return new LookupConfig(
                section.duration("timeout", millis(standard.timeout()), MILLISECOND, MINUTE),
                new LookupConfig.Retry(
                        section.integer("retries", retry.retries(), 0, 100),
                        section.duration("retry-delay", millis(retry.firstDelay()), ZERO, MINUTE),
                        section.duration("max-retry-delay", millis(retry.maxDelay()), ZERO, MINUTE)),
                new LookupConfig.Breaker(
                        section.integer("breaker-window", breaker.window(), 0, 10_000),
                        section.integer("breaker-failure-percent", percent, 1, 100) / 100.0,
                        section.duration("breaker-open-for", millis(breaker.openFor()), MILLISECOND, DAY)),
                new LookupConfig.Bulkhead(
                        section.integer("in-flight", bulkhead.inFlight(), 1, MAX_COUNT),
                        section.integer("queue", bulkhead.queue(), 0, MAX_COUNT)),
                cache(section, standard.cache()),
                section.choice("missing", LookupConfig.Policy.class, standard.policy()),
                FeatureValues.of(section.texts("defaults")),
                key(section.word("probe-key", "none")));
    }

    private static LookupConfig.Cache cache(ConfigReader section, LookupConfig.Cache standard) {
        return new LookupConfig.Cache(
                section.duration("cache-time", millis(standard.ttl()), ZERO, DAY),
                section.duration("cache-time-of-unknown", millis(standard.negativeTtl()), ZERO, DAY),
                section.duration("stale-for", millis(standard.staleFor()), ZERO, DAY),
                section.bytes("cache-memory", String.valueOf(standard.bytes()), 0, 1L << 40));
    }

    private static @Nullable Object key(String text) {
        return text.equals("none") ? null : text.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(text) : text;
    }

    private static String millis(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
