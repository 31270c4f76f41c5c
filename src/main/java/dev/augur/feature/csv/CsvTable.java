package dev.augur.feature.csv;

import dev.augur.feature.FeatureVector;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One file in memory: keys, and a column for each feature. Thread-safe.
 *
 * @param columns as many as there are names
 */
record CsvTable(Keys keys, List<String> names, List<Column> columns, int rows) {
    CsvTable {
        names = List.copyOf(names);
        columns = List.copyOf(columns);
    }

    /** The rows of these entities; one that is not in the table is absent. */
    Map<Object, FeatureVector> vectors(Collection<Object> entityKeys, Instant now) {
        Map<Object, FeatureVector> found = new HashMap<>();
        for (Object key : entityKeys) {
            int row = keys.row(key);
            if (row != Keys.NONE) {
                found.put(key, new FeatureVector(key, values(row), now));
            }
        }
        return found;
    }

    private Map<String, Object> values(int row) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            var value = columns.get(i).value(row);
            if (value != null) {
                values.put(names.get(i), value);
            }
        }
        return values;
    }

    /** Memory that the table takes: its arrays and the texts in them. */
    long bytes() {
        return bytes(keys, columns);
    }

    static long bytes(Keys keys, List<Column> columns) {
        return keys.bytes() + columns.stream().mapToLong(Column::bytes).sum();
    }
}
