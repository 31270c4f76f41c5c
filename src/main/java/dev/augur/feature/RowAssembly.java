package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureValue.Status;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes rows of answers, and of what is configured where an answer is missing. Thread-safe. */
final class RowAssembly {
    private final String store;
    private final Map<String, Object> defaults;
    private final boolean hasDefaults;
    private final Timing timing;
    private final LookupCounters counters;

    RowAssembly(String store, LookupConfig config, Timing timing, LookupCounters counters) {
        this.store = store;
        this.hasDefaults = config.policy() == LookupConfig.Policy.DEFAULT;
        this.defaults = hasDefaults ? config.defaults() : Map.of();
        this.timing = timing;
        this.counters = counters;
    }

    /**
     * The row for one lookup.
     *
     * @param features those asked for; empty for all that there are
     * @param found the status of values that the store gave
     */
    Future<FeatureRow> row(Object key, Set<String> features, Answer answer, Status found) {
        if (answer instanceof Answer.Found known) {
            return Future.succeededFuture(filled(key, features, known.vector(), found));
        }
        var failure = answer instanceof Answer.Failed failed ? failed.exception() : unknown(key);
        if (!hasDefaults || failure.code() != ErrorCode.FEATURES_UNAVAILABLE) {
            return Future.failedFuture(failure);
        }
        counters.defaulted.increment();
        return Future.succeededFuture(filled(key, features, null, Status.DEFAULT));
    }

    private ServingException unknown(Object key) {
        counters.failed(LookupFailure.UNKNOWN_ENTITY, 1);
        return new ServingException(
                ErrorCode.FEATURES_UNAVAILABLE, "feature store \"" + store + "\" has no entity " + Shown.text(key));
    }

    private FeatureRow filled(Object key, Set<String> features, @Nullable FeatureVector vector, Status found) {
        Map<String, Object> values = vector == null ? Map.of() : vector.values();
        var age = vector == null ? null : age(vector);
        Map<String, FeatureValue> row = new LinkedHashMap<>();
        for (String name : features.isEmpty() ? all(values) : features) {
            var value = values.get(name);
            row.put(name, value == null ? defaulted(name) : new FeatureValue(value, found, age));
        }
        return new FeatureRow(key, row);
    }

    private Set<String> all(Map<String, Object> values) {
        var names = new TreeSet<>(values.keySet());
        names.addAll(defaults.keySet());
        return names;
    }

    private FeatureValue defaulted(String name) {
        var value = defaults.get(name);
        return value == null ? FeatureValue.NONE : new FeatureValue(value, Status.DEFAULT, null);
    }

    private Duration age(FeatureVector vector) {
        var age = Duration.between(vector.fetchedAt(), timing.now());
        return age.isNegative() ? Duration.ZERO : age;
    }
}
