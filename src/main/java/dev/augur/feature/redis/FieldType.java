package dev.augur.feature.redis;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a field's text becomes a feature. Thread-safe. */
public enum FieldType {
    /** A whole number of 64 bits. */
    LONG,
    /** A finite number. */
    DOUBLE,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** Any text. */
    TEXT,
    /**
     * A number as JSON writes it ({@code 7} is a {@code Long}, {@code 7.0} and whole numbers above 64 bits are {@code Double}),
     * {@code true}, {@code false}, else a text; the usual names of infinities and of "not a number" are refused.
     */
    INFERRED;

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Set<String> NO_NUMBERS =
            Set.of("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");
    private static final int LONGEST_NUMBER = 400;

    /** The feature; {@code null} when the text is not of this type. */
    @Nullable
    Object read(String text) {
        return switch (this) {
            case LONG -> whole(text);
            case DOUBLE -> number(text);
            case BOOLEAN -> text.equals("true") || text.equals("false") ? (Object) text.equals("true") : null;
            case TEXT -> text;
            case INFERRED -> inferred(text);
        };
    }

    private static @Nullable Object inferred(String text) {
        if (text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches()) {
            Object whole = whole(text);
            return whole == null ? number(text) : whole;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        boolean refused = NO_NUMBERS.contains(text.toLowerCase(Locale.ROOT));
        return refused ? null : text;
    }

    private static @Nullable Object whole(String text) {
        if (text.length() > LONGEST_NUMBER || !WHOLE.matcher(text).matches()) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException tooLong) {
            return null;
        }
    }

    private static @Nullable Object number(String text) {
        if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
            return null;
        }
        double value = Double.parseDouble(text);
        return Double.isFinite(value) ? (Object) value : null;
    }
}
