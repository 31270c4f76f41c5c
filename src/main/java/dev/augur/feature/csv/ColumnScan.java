package dev.augur.feature.csv;

import dev.augur.error.Shown;
import dev.augur.feature.FeatureStore.Form;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the type of a column from all its cells: integers, numbers, truth values, or else texts. Words for what is
 * missing are cells without a value where others are numbers or truth values; in a column of texts alone they are
 * texts. Filled by one thread, then read by any.
 */
final class ColumnScan {
    private static final Set<Cell> VALUES = Set.of(Cell.INTEGER, Cell.DECIMAL, Cell.BOOLEAN);
    private static final int SHOWN = 40;

    private final String name;
    private final Set<String> missing;
    private final BitSet firsts = new BitSet();
    private final Set<Cell> seen = EnumSet.noneOf(Cell.class);
    private final Map<Cell, String> first = new EnumMap<>(Cell.class);
    private boolean gaps;
    private boolean words;
    private long noNumbers;

    ColumnScan(String name, Set<String> missing) {
        this.name = name;
        this.missing = missing;
        missing.stream().filter(word -> !word.isEmpty()).forEach(word -> firsts.set(word.charAt(0)));
    }

    String name() {
        return name;
    }

    void cell(String text, long line) {
        String bare = text.strip();
        if (bare.isEmpty()) {
            gaps = true;
            return;
        }
        if (isWord(bare)) {
            words = true;
            return;
        }
        if (seen.contains(Cell.TEXT) && hasValues()) {
            noNumbers += Cell.of(bare) == Cell.TEXT ? 1 : 0;
            return;
        }
        var kind = Cell.of(bare);
        noNumbers += kind == Cell.TEXT ? 1 : 0;
        if (seen.add(kind)) {
            String shown = Shown.cut(bare, SHOWN);
            first.put(kind, "line " + line + ", column \"" + name + "\": \"" + shown + "\"");
        }
    }

    /** Whether there is no value in that cell. */
    boolean isGap(String text) {
        String bare = text.strip();
        return bare.isEmpty() || (isWord(bare) && (hasValues() || !seen.contains(Cell.TEXT)));
    }

    /** Looks at the first character first: most cells are numbers. */
    private boolean isWord(String bare) {
        return firsts.get(bare.charAt(0)) && missing.contains(bare);
    }

    boolean gaps() {
        return gaps || words;
    }

    /** {@code INTEGER}, {@code DECIMAL}, {@code BOOLEAN} or {@code TEXT}. */
    Cell type() {
        boolean numbers = seen.contains(Cell.INTEGER) || seen.contains(Cell.DECIMAL) || seen.contains(Cell.NOT_FINITE);
        if (seen.contains(Cell.TEXT) || (numbers && seen.contains(Cell.BOOLEAN))) {
            return Cell.TEXT;
        }
        if (seen.contains(Cell.BOOLEAN)) {
            return Cell.BOOLEAN;
        }
        return seen.equals(EnumSet.of(Cell.INTEGER)) ? Cell.INTEGER : numbers ? Cell.DECIMAL : Cell.TEXT;
    }

    /** Why no cell has that form. */
    Optional<String> unfit(Form form) {
        if (seen.isEmpty()) {
            return words && form == Form.TEXT
                    ? Optional.empty()
                    : Optional.of("column \"" + name + "\" has no value in any row");
        }
        if (form == Form.TEXT) {
            var type = type();
            boolean text = type == Cell.TEXT || type == Cell.INTEGER;
            return text
                    ? Optional.empty()
                    : Optional.of(first.get(type == Cell.BOOLEAN ? type : decimal()) + " is no text");
        }
        return hasValues()
                ? Optional.empty()
                : Optional.of(first.values().iterator().next() + " is no number");
    }

    private Cell decimal() {
        return seen.contains(Cell.DECIMAL) ? Cell.DECIMAL : Cell.NOT_FINITE;
    }

    /** What the operator of a file should know of a column of numbers, if it has texts. */
    Optional<String> note() {
        return noNumbers > 0 && hasValues()
                ? Optional.of(first.get(Cell.TEXT) + " is no number, as " + noNumbers + " cells of the column are")
                : Optional.empty();
    }

    private boolean hasValues() {
        return VALUES.stream().anyMatch(seen::contains);
    }
}
