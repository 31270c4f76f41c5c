package dev.augur.feature.sql;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.remote.Unavailable;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the server said about the columns of a query. Thread-safe.
 *
 * @param keyIndex which column has the key
 * @param keyName its name
 * @param features the other columns' names by index
 * @param texts those features that can be of any length
 */
record SqlPlan(
        String store,
        int keyIndex,
        String keyName,
        KeyType keyType,
        Map<Integer, String> features,
        List<String> texts) {
    private static final Set<String> TEXT_TYPES = Set.of("TEXT", "VARCHAR", "BPCHAR");

    SqlPlan {
        features = Map.copyOf(features);
        texts = List.copyOf(texts);
    }

    /** The plan for these columns, or {@code FEATURES_UNAVAILABLE} that names the one that cannot be used. */
    static SqlPlan of(SqlStoreConfig config, List<ColumnDescriptor> columns) {
        String store = config.name();
        int keyIndex = keyIndex(store, config.lookup().keyColumn(), columns);
        var key = columns.get(keyIndex);
        KeyType keyType = KeyType.named(key.typeName());
        if (keyType == null) {
            throw Unavailable.of(store, "key column " + described(key) + " must be one of " + KeyType.names());
        }
        var features = new HashMap<Integer, String>();
        for (int i = 0; i < columns.size(); i++) {
            if (i != keyIndex) {
                features.put(i, feature(store, columns.get(i)));
            }
        }
        if (new HashSet<>(features.values()).size() != features.size()) {
            throw Unavailable.of(store, "two columns have one name: " + new ArrayList<>(features.values()));
        }
        var texts = columns.stream()
                .filter(column ->
                        TEXT_TYPES.contains(column.typeName()) && !column.name().equals(key.name()))
                .map(ColumnDescriptor::name)
                .toList();
        return new SqlPlan(store, keyIndex, key.name(), keyType, features, texts);
    }

    /** The key in this row. */
    Object key(Row row) {
        Object value = row.getValue(keyIndex);
        if (value == null) {
            throw Unavailable.of(store, "a row has no key");
        }
        return KeyType.ofRow(value);
    }

    /** The features in this row; a NULL is none. */
    FeatureVector vector(Object entityKey, Row row, Instant askedAt) {
        var values = new HashMap<String, Object>();
        features.forEach((index, name) -> {
            Object value = row.getValue(index);
            if (value != null) {
                values.put(name, value(name, value));
            }
        });
        return new FeatureVector(entityKey, values, askedAt);
    }

    private Object value(String name, Object value) {
        Object feature = ColumnValue.of(value);
        if (feature == null) {
            throw Unavailable.of(
                    store, "column \"" + name + "\": the value is not a finite number, a text, a time or a boolean");
        }
        return feature;
    }

    private static int keyIndex(String store, String keyColumn, List<ColumnDescriptor> columns) {
        if (columns.isEmpty()) {
            throw Unavailable.of(store, "the query has no columns");
        }
        for (int i = 0; i < columns.size(); i++) {
            if (keyColumn.isEmpty() || columns.get(i).name().equals(keyColumn)) {
                return i;
            }
        }
        throw Unavailable.of(store, "no column \"" + keyColumn + "\"");
    }

    private static String feature(String store, ColumnDescriptor column) {
        if (!ColumnValue.supports(column.typeName())) {
            throw Unavailable.of(store, "column " + described(column) + " cannot be a feature; a query can convert it");
        }
        return column.name();
    }

    private static String described(ColumnDescriptor column) {
        return "\"" + column.name() + "\" of type " + column.typeName().toLowerCase(Locale.ROOT);
    }
}
