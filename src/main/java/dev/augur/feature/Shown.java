package dev.augur.feature;

/** Keys, names and messages of stores as messages show them: short, on one line. Thread-safe. */
final class Shown {
    private static final int LENGTH = 64;
    private static final int LINE_LENGTH = 500;

    private Shown() {}

    /** In quotes, at most 64 characters; what would break the line or the quotes is escaped. */
    static String text(Object value) {
        String text = value.toString();
        var shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), LENGTH); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                shown.append('\\').append(c);
            } else if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.append(text.length() > LENGTH ? "…\"" : "\"").toString();
    }

    /** A message of a store: at most 500 characters, on one line. */
    static String line(String message) {
        var line = message.substring(0, Math.min(LINE_LENGTH, message.length()));
        return line.replaceAll("\\p{Cntrl}", " ");
    }
}
