package dev.augur.feature.csv;

import java.util.Locale;
import java.util.Set;

/** What the text of a cell can be read as. Thread-safe. */
enum Cell {
    INTEGER,
    DECIMAL,
    BOOLEAN,
    /** NaN, an infinity, or a number beyond the range of a double. */
    NOT_FINITE,
    TEXT;

    private static final Set<String> NOT_NUMBERS = Set.of("nan", "inf", "infinity");
    private static final int LONGEST_NUMBER = 400;

    /**
     * A text that is not empty. An integer with leading zeros is a text: it would not be the same when written again.
     */
    static Cell of(String text) {
        char first = text.charAt(0);
        if (first == 't' || first == 'T' || first == 'f' || first == 'F') {
            return isBoolean(text) ? BOOLEAN : TEXT;
        }
        int start = first == '-' || first == '+' ? 1 : 0;
        if (text.length() > LONGEST_NUMBER) {
            return TEXT;
        }
        if (NOT_NUMBERS.contains(text.substring(start).toLowerCase(Locale.ROOT))) {
            return NOT_FINITE;
        }
        return number(text, start);
    }

    /** The number; an infinity for whatever is not finite. */
    static double decimal(String text) {
        char last = text.charAt(text.length() - 1);
        boolean word = last != '.' && (last < '0' || last > '9');
        return word ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    static boolean truth(String text) {
        return text.equalsIgnoreCase("true");
    }

    private static boolean isBoolean(String text) {
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    }

    private static Cell number(String text, int start) {
        int whole = digits(text, start);
        int end = whole;
        boolean digits = whole > start;
        if (end < text.length() && text.charAt(end) == '.') {
            end = digits(text, end + 1);
            digits |= end > whole + 1;
        }
        if (!digits) {
            return TEXT;
        }
        if (end == whole && end == text.length()) {
            return integer(text, start);
        }
        return exponentEnds(text, end) ? finite(text) : TEXT;
    }

    private static Cell integer(String text, int start) {
        if (text.charAt(start) == '0' && text.length() > start + 1) {
            return TEXT;
        }
        if (text.length() - start <= 18) {
            return INTEGER;
        }
        try {
            Long.parseLong(text);
            return INTEGER;
        } catch (NumberFormatException tooLarge) {
            return finite(text);
        }
    }

    private static Cell finite(String text) {
        return Double.isFinite(Double.parseDouble(text)) ? DECIMAL : NOT_FINITE;
    }

    private static boolean exponentEnds(String text, int from) {
        if (from == text.length()) {
            return true;
        }
        if (text.charAt(from) != 'e' && text.charAt(from) != 'E') {
            return false;
        }
        int start = from + 1;
        if (start < text.length() && (text.charAt(start) == '-' || text.charAt(start) == '+')) {
            start++;
        }
        return start < text.length() && digits(text, start) == text.length();
    }

    /** Where the digits end that begin there. */
    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
