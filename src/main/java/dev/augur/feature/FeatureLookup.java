package dev.augur.feature;

import dev.augur.feature.FeatureValue.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks up features of entities in one store, as configured: from a cache, with a time-out, retries, a circuit breaker
 * and a bound on what is asked at once; lookups of one entity share a fetch, and single lookups are joined into one
 * where the store can answer many.
 *
 * <p>A lookup whose caller leaves takes nothing from others that wait for the same entity. Lookups fail with
 * {@code FEATURES_UNAVAILABLE}, naming the store, when there is no answer that can be used and the policy has no other;
 * with {@code NOT_FOUND} when the store does not know the entity; with {@code INVALID_ARGUMENT} when the key can never
 * be right; with {@code NOT_READY} after {@link #close}. Futures complete on the caller's context. Thread-safe.
 */
public final class FeatureLookup {
    private final String name;
    private final FeatureStore store;
    private final LookupConfig config;
    private final Vertx vertx;
    private final Timing timing;
    private final LookupCounters counters = new LookupCounters();
    private final StoreCalls calls;
    private final FeatureCache cache;
    private final Fetches fetches;
    private final RowAssembly rows;
    private final AtomicBoolean probing = new AtomicBoolean();

    /**
     * A lookup in front of a store, which it closes. Made outside of a verticle, since its timers are to outlive those.
     *
     * @param name the store's name in messages and meters
     */
    public FeatureLookup(Vertx vertx, String name, FeatureStore store, LookupConfig config) {
        this(new TimeSource(vertx, Timing.of(vertx)), name, store, config);
    }

    /** Where time comes from, and, of Vert.x, the contexts of callers. */
    record TimeSource(Vertx vertx, Timing timing) {}

    FeatureLookup(TimeSource source, String name, FeatureStore store, LookupConfig config) {
        this.name = name;
        this.store = store;
        this.config = config;
        this.vertx = source.vertx();
        this.timing = source.timing();
        this.calls = new StoreCalls(name, store, config, timing);
        this.cache = calls.cache();
        this.fetches = new Fetches(calls, config, timing, counters);
        this.rows = new RowAssembly(name, config, timing, counters);
        calls.whenOpened(() -> probe(/* now= */ false));
        probe(/* now= */ true);
    }

    /**
     * What is looked up of one entity, whose key is a {@code Long} or a {@code String}: names of features, or none for
     * all that the store has.
     */
    public record Wanted(Object entityKey, Set<String> features) {}

    /**
     * The features of several entities, each with an outcome of its own, in their order; asks the store as rarely as it
     * allows.
     */
    public List<Future<FeatureRow>> fetchEach(Collection<Wanted> entities) {
        List<Fetches.Ask> asks = new ArrayList<>();
        List<Future<FeatureRow>> found = new ArrayList<>(entities.size());
        for (Wanted entity : entities) {
            found.add(lookUp(entity.entityKey(), entity.features(), asks));
        }
        counters.lookups.add(found.size());
        if (!asks.isEmpty()) {
            fetches.ask(asks);
        }
        return found;
    }

    /** Why lookups would fail now, in words that may be shown; empty when they would not. Passes by itself. */
    public Optional<String> notReady() {
        var reason = store.notReady();
        if (reason.isPresent()) {
            return reason.map(text -> "feature store \"" + name + "\": " + text);
        }
        boolean silent = config.probeKey() == null ? fetches.refusing() : !fetches.healthy();
        return silent ? Optional.of("feature store \"" + name + "\" does not answer") : Optional.empty();
    }

    /** As {@link FeatureStore#unfit}, with the store's name; empty where the configuration has a default. */
    public Optional<String> unfit(String feature, FeatureStore.Form form) {
        boolean defaulted = config.policy() == LookupConfig.Policy.DEFAULT
                && config.defaults().containsKey(feature);
        return defaulted
                ? Optional.empty()
                : store.unfit(feature, form).map(text -> "feature store \"" + name + "\": " + text);
    }

    /** As {@link FeatureStore#anEntity}. */
    public Optional<Object> anEntity() {
        return store.anEntity();
    }

    /** Counts a lookup whose answer turned out later to be of no use. */
    public void unusable(LookupFailure why) {
        counters.failed(why, 1);
    }

    /** As {@link FeatureStore#opened}. */
    public Future<Void> opened() {
        return store.opened();
    }

    public String name() {
        return name;
    }

    /** How many entities one fetch asks for at most. */
    public int maxKeys() {
        return calls.maxKeys();
    }

    /** How many entities can be on their way from the store at once. */
    public long width() {
        return (long) config.bulkhead().inFlight() * calls.maxKeys();
    }

    public LookupStatistics statistics() {
        return counters.snapshot(fetches.now(cache.size()));
    }

    /** Lookups on their way fail; the store is closed. */
    public Future<Void> close() {
        fetches.close();
        cache.clear();
        return store.close();
    }

    private Future<FeatureRow> lookUp(Object key, Set<String> features, List<Fetches.Ask> asks) {
        var entry = cache.entry(key);
        if (entry != null && cache.fresh(entry)) {
            counters.hits.increment();
            var vector = entry.vector();
            var answer = vector == null ? new FetchOutcome.Unknown() : new FetchOutcome.Found(vector);
            return rows.row(key, features, answer, Status.CACHED);
        }
        var old = entry == null ? null : entry.vector();
        if (entry != null && old != null && entry.usable() && config.policy() == LookupConfig.Policy.STALE) {
            counters.stale.increment();
            asks.add(new Fetches.Ask(key, null));
            return rows.row(key, features, new FetchOutcome.Found(old), Status.STALE);
        }
        return waitFor(key, features, asks);
    }

    /** A promise, because the answer comes from a foreign thread and is to arrive on the caller's. */
    private Future<FeatureRow> waitFor(Object key, Set<String> features, List<Fetches.Ask> asks) {
        var context = vertx.getOrCreateContext();
        Promise<FeatureRow> row = Promise.promise();
        asks.add(new Fetches.Ask(
                key,
                answer -> context.runOnContext(
                        v -> rows.row(key, features, answer, Status.FRESH).onComplete(row))));
        return row.future();
    }

    /** Looks up the probe key again and again until the store answers; only one such series at a time. */
    private void probe(boolean now) {
        var key = config.probeKey();
        if (key == null || !probing.compareAndSet(false, true)) {
            return;
        }
        if (now) {
            probeOnce(key);
        } else {
            timing.after(config.breaker().openFor(), () -> probeOnce(key));
        }
    }

    private void probeOnce(Object key) {
        if (fetches.closed()) {
            return;
        }
        if (fetches.healthy()) {
            probing.set(false);
            if (!fetches.healthy()) { // it opened in between
                probe(/* now= */ false);
            }
            return;
        }
        fetches.ask(List.of(new Fetches.Ask(key, null)));
        timing.after(config.breaker().openFor(), () -> probeOnce(key));
    }
}
