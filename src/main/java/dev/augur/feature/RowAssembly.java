package dev.augur.feature;

import dev.augur.error.ErrorCode;
import dev.augur.error.FieldError;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import dev.augur.feature.FeatureValue.Status;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
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
     * @param features those asked for; empty for all that can be used
     * @param status the status of values that the store gave
     */
    Future<FeatureRow> row(Object key, Set<String> features, FetchOutcome answer, Status status) {
        if (answer instanceof FetchOutcome.Found found && found.vector().fault() == null) {
            return filled(key, features, found.vector(), status);
        }
        boolean failed = answer instanceof FetchOutcome.Failed;
        var failure = failed ? ((FetchOutcome.Failed) answer).exception() : fault(key, answer);
        boolean ofTheStore = !failed || failure.code() == ErrorCode.FEATURES_UNAVAILABLE;
        if (!hasDefaults || !ofTheStore) {
            return Future.failedFuture(failure);
        }
        counters.defaulted.increment();
        return filled(key, features, null, Status.DEFAULT);
    }

    /** Why the store has nothing of this entity. */
    private ServingException fault(Object key, FetchOutcome answer) {
        var fault = answer instanceof FetchOutcome.Found found ? found.vector().fault() : null;
        counters.failed(fault == null ? LookupFailure.UNKNOWN_ENTITY : fault.kind(), 1);
        String unknown = "feature store \"" + store + "\" has no entity " + Shown.text(key);
        if (fault == null) {
            return new ServingException(ErrorCode.NOT_FOUND, unknown);
        }
        if (fault.kind() == LookupFailure.UNKNOWN_ENTITY) {
            var error = new FieldError("entity_key", List.of("body", "item_id"), unknown + ": " + fault.why(), null);
            return ServingException.invalidFields(List.of(error));
        }
        return new ServingException(
                ErrorCode.FEATURES_UNAVAILABLE,
                "feature store \"" + store + "\": entity " + Shown.text(key) + " " + fault.why());
    }

    private Future<FeatureRow> filled(Object key, Set<String> features, @Nullable FeatureVector vector, Status status) {
        Map<String, Object> values = vector == null ? Map.of() : vector.values();
        var age = vector == null ? null : age(vector);
        Map<String, FeatureValue> row = new LinkedHashMap<>();
        for (String name : features.isEmpty() ? all(values) : features) {
            var value = values.get(name);
            if (value instanceof Unusable unusable && !features.isEmpty()) {
                counters.failed(unusable.kind(), 1);
                if (!defaults.containsKey(name)) {
                    return Future.failedFuture(unusable(key, name, unusable));
                }
            }
            boolean usable = value != null && !(value instanceof Unusable);
            row.put(name, usable ? new FeatureValue(value, status, age) : defaulted(name));
        }
        return Future.succeededFuture(new FeatureRow(key, row));
    }

    private ServingException unusable(Object key, String feature, Unusable fault) {
        return new ServingException(
                ErrorCode.FEATURES_UNAVAILABLE,
                "feature store \"" + store + "\": entity " + Shown.text(key) + " has feature " + Shown.text(feature)
                        + ", which is " + fault.why());
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
