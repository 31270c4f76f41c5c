package dev.augur.feature.csv;

import org.jspecify.annotations.Nullable;

/** The values of one feature, a row each, unboxed. Filled by one thread, then read by any. */
interface Column {
    /** The value in that row; {@code null} where the cell was empty. */
    @Nullable
    Object value(int row);

    /** Reads a cell that is not empty. */
    void fill(int row, String cell);

    /** Bytes of the arrays, and of the texts in them. */
    long bytes();

    /** Called once, after the last cell. */
    default void filled() {}

    static Column of(Cell type, int rows, boolean gaps) {
        return switch (type) {
            case INTEGER -> new IntegerColumn(rows, gaps);
            case DECIMAL -> new DecimalColumn(rows);
            case BOOLEAN -> new BooleanColumn(rows);
            case TEXT, NOT_FINITE -> new TextColumn(rows);
        };
    }
}
