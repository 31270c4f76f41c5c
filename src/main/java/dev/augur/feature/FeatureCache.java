package dev.augur.feature;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last answers of a store, bounded by what they weigh. Has no thread of its own. Thread-safe. */
final class FeatureCache {
    private static final int ENTRY_BYTES = 200;
    private static final int VALUE_BYTES = 48; // the value and its place in the map; names are shared

    private final LookupConfig config;
    private final Timing timing;
    private final Cache<Object, Entry> entries;

    /**
     * One answer.
     *
     * @param vector {@code null} if the store does not know the entity
     * @param askedAt when the fetch began
     * @param storedAt when it ended
     */
    record Entry(@Nullable FeatureVector vector, long askedAt, long storedAt) {
        /** Whether there is anything in it that a lookup can be answered with. */
        boolean usable() {
            return vector != null && vector.fault() == null;
        }
    }

    FeatureCache(LookupConfig config, Timing timing) {
        this.config = config;
        this.timing = timing;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(config.cache().bytes())
                .weigher((Object key, Entry entry) -> weight(key, entry))
                .expireAfter(Expiry.writing((Object key, Entry entry) -> left(entry)))
                .ticker(timing::nanos)
                .executor(Runnable::run)
                .build();
    }

    @Nullable
    Entry entry(Object key) {
        return entries.getIfPresent(key);
    }

    /** Whether an entry is within its time to live. */
    boolean fresh(Entry entry) {
        return timing.nanos() - entry.storedAt() < ttl(entry).toNanos();
    }

    /** Keeps an answer of the store; one to an earlier question does not replace one to a later. */
    void put(Object key, FetchOutcome answer, long askedAt) {
        if (answer instanceof FetchOutcome.Failed) {
            return;
        }
        var vector = answer instanceof FetchOutcome.Found found ? found.vector() : null;
        var fresh = new Entry(vector, askedAt, timing.nanos());
        if (!retention(fresh).isZero()) {
            entries.asMap().merge(key, fresh, this::better);
        } else {
            entries.invalidate(key);
        }
    }

    /**
     * The later of two answers; but while old values may be served, none goes for an answer in which more cannot be
     * used.
     */
    private Entry better(Entry old, Entry other) {
        return old.askedAt() - other.askedAt() > 0 || worse(other.vector(), old.vector()) ? old : other;
    }

    private boolean worse(@Nullable FeatureVector other, @Nullable FeatureVector old) {
        return config.policy() == LookupConfig.Policy.STALE
                && other != null
                && old != null
                && old.fault() == null
                && (other.fault() != null || !old.unusable().containsAll(other.unusable()));
    }

    long size() {
        return entries.estimatedSize();
    }

    void clear() {
        entries.invalidateAll();
    }

    private Duration ttl(Entry entry) {
        return !entry.usable() ? config.cache().negativeTtl() : config.cache().ttl();
    }

    /** An unknown entity, or one that cannot be used, is never served stale. */
    private Duration retention(Entry entry) {
        boolean stale = entry.usable() && config.policy() == LookupConfig.Policy.STALE;
        return stale ? ttl(entry).plus(config.cache().staleFor()) : ttl(entry);
    }

    private Duration left(Entry entry) {
        var left = retention(entry).minusNanos(timing.nanos() - entry.storedAt());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static int weight(Object key, Entry entry) {
        long bytes = ENTRY_BYTES + weight(key);
        if (entry.vector() != null) {
            for (Map.Entry<String, Object> value : entry.vector().values().entrySet()) {
                bytes += VALUE_BYTES + weight(value.getValue());
            }
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static long weight(Object value) {
        return value instanceof String text ? 2L * text.length() : 0;
    }
}
