package dev.augur.feature.csv;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers. NaN stands for a cell without a value, an infinity for whatever is not finite. Filled by one thread, then
 * read by any.
 */
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
        values[row] = Cell.decimal(cell.strip());
    }

    @Override
    public long bytes() {
        return Bytes.of(values);
    }
}
