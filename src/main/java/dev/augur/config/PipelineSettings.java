package dev.augur.config;

import static dev.augur.setting.Section.Range.between;
import static java.time.Duration.ofSeconds;

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
        var kinds = FeatureStores.ofClassPath();
        var stores = new LinkedHashMap<String, PipelinesConfig.Store>();
        reader.named("feature-stores").forEach((name, section) -> {
            var opening = kinds.read(section);
            stores.put(name, new PipelinesConfig.Store(opening, lookup(section.under("lookup."))));
        });
        var pipelines = new ArrayList<PipelineConfig>();
        reader.named("pipelines").forEach((name, section) -> pipelines.add(pipeline(name, section, stores.keySet())));
        return new PipelinesConfig(stores, pipelines);
    }

    private static PipelineConfig pipeline(String name, ConfigReader section, Set<String> stores) {
        String store = section.text("store");
        if (!store.isEmpty() && !stores.contains(store)) {
            section.problem("store", "\"" + store + "\" is not allowed, expected one of feature-stores: " + stores);
        }
        String version = section.word("version", "latest");
        String label = section.text("label", "none");
        return new PipelineConfig(
                name,
                store,
                section.text("model"),
                version.equals("latest") ? Optional.empty() : Optional.of(version),
                section.lists("inputs"),
                section.map("outputs"),
                label.equals("none") ? Optional.empty() : Optional.of(label),
                new PipelineConfig.Limits(
                        section.duration("timeout", ofSeconds(2), between(MILLISECOND, Duration.ofHours(1))),
                        section.integer("max-items", 1_000, between(1, MAX_COUNT)),
                        section.integer("max-waiting-items", 50_000, between(1, MAX_COUNT))),
                section.choice("prediction-log", Delivery.class, Delivery.BEFORE_ANSWER));
    }

    private static LookupConfig lookup(ConfigReader section) {
        var standard = LookupConfig.standard();
        var retry = standard.retry();
        var breaker = standard.breaker();
        var bulkhead = standard.bulkhead();
        int percent = (int) Math.round(breaker.failureShare() * 100);
        return new LookupConfig(
                section.duration("timeout", standard.timeout(), between(MILLISECOND, MINUTE)),
                new LookupConfig.Retry(
                        section.integer("retries", retry.retries(), between(0, 100)),
                        section.duration("retry-delay", retry.firstDelay(), between(ZERO, MINUTE)),
                        section.duration("max-retry-delay", retry.maxDelay(), between(ZERO, MINUTE))),
                new LookupConfig.Breaker(
                        section.integer("breaker-window", breaker.window(), between(0, 10_000)),
                        section.integer("breaker-failure-percent", percent, between(1, 100)) / 100.0,
                        section.duration("breaker-open-for", breaker.openFor(), between(MILLISECOND, DAY))),
                new LookupConfig.Bulkhead(
                        section.integer("in-flight", bulkhead.inFlight(), between(1, MAX_COUNT)),
                        section.integer("queue", bulkhead.queue(), between(0, MAX_COUNT))),
                cache(section, standard.cache()),
                section.choice("missing", LookupConfig.Policy.class, standard.policy()),
                section.values("defaults"),
                key(section.word("probe-key", "none")));
    }

    private static LookupConfig.Cache cache(ConfigReader section, LookupConfig.Cache standard) {
        return new LookupConfig.Cache(
                section.duration("cache-time", standard.ttl(), between(ZERO, DAY)),
                section.duration("cache-time-of-unknown", standard.negativeTtl(), between(ZERO, DAY)),
                section.duration("stale-for", standard.staleFor(), between(ZERO, DAY)),
                section.bytes("cache-memory", standard.bytes(), between(0L, 1L << 40)));
    }

    private static @Nullable Object key(String text) {
        return text.equals("none") ? null : text.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(text) : text;
    }
}
