package dev.augur.feature;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts that write a number or a truth value. Thread-safe. */
public final class Literal {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Set<String> NO_NUMBERS =
            Set.of("nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");
    private static final int LONGEST_NUMBER = 400;

    private Literal() {}

    /**
     * The number, as JSON writes it: a {@code Long}, or a {@code Double} if it has a point or an exponent or is beyond
     * 64 bits. {@code null} for what is no number, such as {@code 007}; {@code Unusable} for one that is not finite, by
     * whatever name.
     */
    public static @Nullable Object number(String text) {
        if (NO_NUMBERS.contains(text.toLowerCase(Locale.ROOT))) {
            return Unusable.notFinite(text);
        }
        if (text.length() > LONGEST_NUMBER || !NUMBER.matcher(text).matches()) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException decimalOrTooLong) {
            double number = Double.parseDouble(text);
            return Double.isFinite(number) ? (Object) number : Unusable.notFinite(text);
        }
    }

    /**
     * The truth value, in any case: {@code true} of JSON, {@code True} of Python, {@code TRUE} of R; {@code null} for
     * any other text.
     */
    public static @Nullable Boolean truth(String text) {
        boolean truth = text.equalsIgnoreCase("true");
        return (truth || text.equalsIgnoreCase("false")) ? (Boolean) truth : null;
    }
}
