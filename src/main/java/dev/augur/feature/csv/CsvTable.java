package dev.augur.feature.csv;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.Unusable;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One file in memory: keys, and a column for each feature. Thread-safe, since nothing of it changes.
 *
 * @param scans what is known of each column; as many as there are columns
 * @param ambiguous rows whose key stands in others as well
 * @param notes what an operator should know about the file
 */
record CsvTable(Keys keys, List<ColumnScan> scans, List<Column> columns, BitSet ambiguous, List<String> notes) {
    CsvTable {
        scans = List.copyOf(scans);
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    /** The rows of these entities; one that is not in the table is absent. */
    Map<Object, FeatureVector> vectors(Collection<Object> entityKeys, Instant now) {
        Map<Object, FeatureVector> found = new HashMap<>();
        for (Object key : entityKeys) {
            int row = keys.row(key);
            if (row != Keys.NONE) {
                found.put(
                        key,
                        ambiguous.get(row)
                                ? FeatureVector.unusable(key, Unusable.ambiguous(), now)
                                : new FeatureVector(key, values(row), now));
            }
        }
        return found;
    }

    private Map<String, Object> values(int row) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < scans.size(); i++) {
            var value = columns.get(i).value(row);
            if (value != null) {
                values.put(scans.get(i).name(), value);
            }
        }
        return values;
    }

    int rows() {
        return keys.count();
    }

    /** Memory that the table takes: its arrays and the texts in them. */
    long bytes() {
        return bytes(keys, columns);
    }

    static long bytes(Keys keys, List<Column> columns) {
        return keys.bytes() + columns.stream().mapToLong(Column::bytes).sum();
    }
}
