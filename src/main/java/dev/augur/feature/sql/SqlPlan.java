package dev.augur.feature.sql;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupFailure;
import dev.augur.feature.Unusable;
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
import org.jspecify.annotations.Nullable;

/**
 * What the server said about the columns of a query. Thread-safe.
 *
 * @param selected the key's column and those that can be features, in the order in which rows have them
 * @param keyIndex which of them has the key
 * @param texts those features that can be of any length
 * @param others why each other column cannot be a feature, by name
 */
record SqlPlan(List<Column> selected, int keyIndex, KeyType keyType, List<String> texts, Map<String, Object> others) {
    private static final Set<String> TEXT_TYPES = Set.of("TEXT", "VARCHAR", "BPCHAR");

    /** The client fails to read numbers that are infinite, and the end of a day; so these come as texts. */
    private static final Set<String> AS_TEXT = Set.of("NUMERIC", "TIME");

    /** A column that is fetched. */
    record Column(String name, String typeName) {
        boolean asText() {
            return AS_TEXT.contains(typeName);
        }

        Object feature(Object value) {
            boolean number = typeName.equals("NUMERIC") && value instanceof String;
            return number ? ColumnValue.number((String) value) : ColumnValue.of(value);
        }
    }

    SqlPlan {
        selected = List.copyOf(selected);
        texts = List.copyOf(texts);
        others = Map.copyOf(others);
    }

    /** The plan for these columns, or {@code FEATURES_UNAVAILABLE} that says why there can be none. */
    static SqlPlan of(SqlStoreConfig config, List<ColumnDescriptor> columns) {
        String store = config.name();
        var key = columns.get(keyIndex(store, config.lookup().keyColumn(), columns));
        KeyType keyType = KeyType.named(key.typeName());
        if (keyType == null) {
            throw Unavailable.of(store, "key column " + described(key) + " must be one of " + KeyType.names());
        }
        var selected = new ArrayList<Column>();
        var texts = new ArrayList<String>();
        var others = new HashMap<String, Object>();
        for (ColumnDescriptor column : columns) {
            if (column == key || ColumnValue.supports(column.typeName())) {
                selected.add(new Column(column.name(), column.typeName()));
            } else {
                others.put(column.name(), notUnderstood(column));
            }
            if (column != key && TEXT_TYPES.contains(column.typeName())) {
                texts.add(column.name());
            }
        }
        var names = columns.stream().map(ColumnDescriptor::name).toList();
        if (new HashSet<>(names).size() != names.size()) {
            throw Unavailable.of(store, "two columns have one name: " + names);
        }
        int keyIndex = selected.indexOf(new Column(key.name(), key.typeName()));
        return new SqlPlan(selected, keyIndex, keyType, texts, others);
    }

    String keyName() {
        return selected.get(keyIndex).name();
    }

    /** Whether rows come as they are, so that a new column is seen at once. */
    boolean plain() {
        return others.isEmpty() && selected.stream().noneMatch(Column::asText);
    }

    /** The key in this row; {@code null} in one that is of no entity. */
    @Nullable
    Object key(Row row) {
        Object value = row.getValue(keyIndex);
        return value == null ? null : KeyType.ofRow(value);
    }

    /** The features in this row; a NULL is none. */
    FeatureVector vector(Object entityKey, Row row, Instant askedAt) {
        var values = new HashMap<>(others);
        for (int i = 0; i < selected.size(); i++) {
            Object value = i == keyIndex ? null : row.getValue(i);
            if (value != null) {
                values.put(selected.get(i).name(), selected.get(i).feature(value));
            }
        }
        return new FeatureVector(entityKey, values, askedAt);
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

    private static Unusable notUnderstood(ColumnDescriptor column) {
        return new Unusable(
                LookupFailure.WRONG_TYPE,
                "of type " + typeName(column) + ", which is no feature; a query can convert it");
    }

    private static String described(ColumnDescriptor column) {
        return "\"" + column.name() + "\" of type " + typeName(column);
    }

    private static String typeName(ColumnDescriptor column) {
        return column.typeName().toLowerCase(Locale.ROOT);
    }
}
