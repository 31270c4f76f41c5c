package dev.augur.feature.csv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers. NaN stands for an empty cell, since no value can be NaN. Filled by one thread, then read by any. */
final class DecimalColumn implements Column {
    private final double[] values;

    DecimalColumn(int rows) {
        this.values = new double[rows];
        Arrays.fill(values, Double.NaN);
    }

    @Override
    public @Nullable Object value(int row) {
        return Double.isNaN(values[row]) ? null : (Object) values[row];
    }

    @Override
    public void fill(int row, String cell) {
        values[row] = Double.parseDouble(cell);
    }

    @Override
    public long bytes() {
        return Bytes.of(values);
    }
}
