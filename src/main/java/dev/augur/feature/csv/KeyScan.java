package dev.augur.feature.csv;

import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds out whether the keys of a file are whole numbers, also written as {@code 7.0}, as tools do where a key is
 * missing somewhere; else they are texts. One thread.
 */
final class KeyScan {
    private static final Pattern WHOLE_DECIMAL = Pattern.compile("([-+]?(?:0|[1-9][0-9]{0,14}))\\.0*");

    private final Set<String> missing;
    private boolean texts;
    private int rows;
    private int words;
    private long bytes;

    KeyScan(Set<String> missing) {
        this.missing = missing;
    }

    void cell(String cell) {
        String key = cell.strip();
        if (key.isEmpty()) {
            return;
        }
        rows++;
        bytes += utf8Length(key);
        if (missing.contains(key)) {
            words++;
        } else {
            texts |= number(key).isEmpty();
        }
    }

    /** The number that a key is. */
    static OptionalLong number(String key) {
        var whole = WHOLE_DECIMAL.matcher(key);
        if (whole.matches()) {
            return OptionalLong.of(Long.parseLong(whole.group(1)));
        }
        return Cell.of(key) == Cell.INTEGER ? OptionalLong.of(Long.parseLong(key)) : OptionalLong.empty();
    }

    /** Whether a row is of no entity. */
    boolean isMissing(String cell) {
        String key = cell.strip();
        return key.isEmpty() || (numbers() && missing.contains(key));
    }

    /** Whether all keys are whole numbers. */
    boolean numbers() {
        return !texts && rows > words;
    }

    /** Rows that have a key. */
    int rows() {
        return numbers() ? rows - words : rows;
    }

    /** Of all keys as texts. */
    long bytes() {
        return bytes;
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return length;
    }
}
