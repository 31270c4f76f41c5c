package dev.augur.feature.csv;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Whole numbers, and a bit each for whether there is one, if any row has none. Filled by one thread, then read by any.
 */
final class IntegerColumn implements Column {
    private final long[] values;
    private final @Nullable BitSet present;

    IntegerColumn(int rows, boolean gaps) {
        this.values = new long[rows];
        this.present = gaps ? new BitSet(rows) : null;
    }

    @Override
    public @Nullable Object value(int row) {
        return present == null || present.get(row) ? (Object) values[row] : null;
    }

    @Override
    public void fill(int row, String cell) {
        values[row] = Long.parseLong(cell.strip());
        if (present != null) {
            present.set(row);
        }
    }

    @Override
    public long bytes() {
        return Bytes.of(values) + (present == null ? 0 : Bytes.of(present));
    }
}
