package dev.augur.error;

import java.util.Locale;

/** What others sent, as messages show it: short, on one line. Thread-safe. */
public final class Shown {
    private static final int LENGTH = 64;
    private static final int LINE_LENGTH = 500;

    private Shown() {}

    /**
     * The text, or where it is longer than that its beginning and an ellipsis; a character of two halves is kept whole
     * or not at all.
     */
    public static String cut(String text, int most) {
        return text.length() <= most ? text : beginning(text, most) + "…";
    }

    /** At most so many characters of the text; a character of two halves is kept whole or not at all. */
    public static String beginning(String text, int most) {
        int end = Math.min(most, text.length());
        boolean halved = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, halved ? end - 1 : end);
    }

    /** In quotes, at most 64 characters; what would break the line or the quotes is escaped. */
    public static String text(Object value) {
        String text = value.toString();
        var shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), LENGTH); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                shown.append('\\').append(c);
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                shown.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(text.length() > LENGTH ? "…\"" : "\"").toString();
    }

    /** A value as messages show it: texts as {@link #text} has them. */
    public static String value(Object value) {
        return value instanceof String ? text(value) : value.toString();
    }

    /** A message of somebody else: at most 500 characters, on one line. */
    public static String line(String message) {
        return beginning(message, LINE_LENGTH).replaceAll("\\p{Cntrl}", " ");
    }
}
