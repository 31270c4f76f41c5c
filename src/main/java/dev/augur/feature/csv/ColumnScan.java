package dev.augur.feature.csv;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds the type of a column from all its cells: integers, numbers, truth values, or else texts. A cell that is no finite number is an
 * error where the others are not texts. One thread.
 */
final class ColumnScan {
    private final String name;
    private final Set<Cell> seen = EnumSet.noneOf(Cell.class);
    private final Map<Cell, Long> firstLine = new EnumMap<>(Cell.class);
    private boolean gaps;

    ColumnScan(String name) {
        this.name = name;
    }

    void cell(String text, long line) {
        if (text.isEmpty()) {
            gaps = true;
            return;
        }
        if (seen.contains(Cell.TEXT)) {
            return;
        }
        var kind = Cell.of(text);
        if (seen.add(kind)) {
            firstLine.put(kind, line);
        }
    }

    boolean gaps() {
        return gaps;
    }

    /** {@code INTEGER}, {@code DECIMAL}, {@code BOOLEAN} or {@code TEXT}. */
    Cell type() throws CsvException {
        boolean numbers = seen.contains(Cell.INTEGER) || seen.contains(Cell.DECIMAL);
        if (seen.contains(Cell.TEXT) || (numbers && seen.contains(Cell.BOOLEAN))) {
            return Cell.TEXT;
        }
        var notFinite = firstLine.get(Cell.NOT_FINITE);
        if (notFinite != null) {
            throw CsvException.at(notFinite, name, "not a finite number; leave the cell empty where there is no value");
        }
        if (seen.contains(Cell.BOOLEAN)) {
            return Cell.BOOLEAN;
        }
        return seen.contains(Cell.DECIMAL) ? Cell.DECIMAL : numbers ? Cell.INTEGER : Cell.TEXT;
    }

    /** As {@link #type}, for the keys: they are integers or texts. */
    Cell keyType() {
        return seen.equals(EnumSet.of(Cell.INTEGER)) ? Cell.INTEGER : Cell.TEXT;
    }
}
