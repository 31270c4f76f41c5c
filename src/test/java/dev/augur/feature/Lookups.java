package dev.augur.feature;

import dev.augur.feature.FeatureLookup.Wanted;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lookups of a few entities, the same features of each; none of them means all that the store has. */
public final class Lookups {
    private Lookups() {}

    public static Future<FeatureRow> fetch(FeatureLookup lookup, Object entityKey, Set<String> features) {
        return lookup.fetchEach(List.of(new Wanted(entityKey, features))).get(0);
    }

    static List<Future<FeatureRow>> fetchAll(FeatureLookup lookup, Collection<?> entityKeys, Set<String> features) {
        return lookup.fetchEach(
                entityKeys.stream().map(key -> new Wanted(key, features)).toList());
    }

    /** Names of the features that have no value. */
    static List<String> missing(FeatureRow row) {
        return row.values().entrySet().stream()
                .filter(feature -> feature.getValue().status() == FeatureValue.Status.MISSING)
                .map(Map.Entry::getKey)
                .toList();
    }
}
