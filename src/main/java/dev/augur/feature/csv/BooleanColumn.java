package dev.augur.feature.csv;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Truth values, a bit each, and a bit each for whether there is one. Filled by one thread, then read by any. */
final class BooleanColumn implements Column {
    private final BitSet values;
    private final BitSet present;

    BooleanColumn(int rows) {
        this.values = new BitSet(rows);
        this.present = new BitSet(rows);
    }

    @Override
    public @Nullable Object value(int row) {
        return present.get(row) ? (Object) values.get(row) : null;
    }

    @Override
    public void fill(int row, String cell) {
        values.set(row, Cell.truth(cell.strip()));
        present.set(row);
    }

    @Override
    public long bytes() {
        return Bytes.of(values) + Bytes.of(present);
    }
}
