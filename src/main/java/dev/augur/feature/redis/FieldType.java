package dev.augur.feature.redis;

import dev.augur.feature.Literal;
import dev.augur.feature.Unusable;
import java.util.Objects;

/** How a field's text becomes a feature. Thread-safe. */
public enum FieldType {
    /** A whole number of 64 bits. */
    LONG,
    /** A finite number. */
    DOUBLE,
    /** {@code true} or {@code false}, in any case. */
    BOOLEAN,
    /** Any text. */
    TEXT,
    /**
     * A number as JSON writes it ({@code 7} is a {@code Long}, {@code 7.0} and whole numbers above 64 bits are
     * {@code Double}), {@code true}, {@code false} in any case, else a text; the usual names of infinities and of "not
     * a number" are refused.
     */
    INFERRED;

    /** The feature, or why the text is none of this type. */
    Object read(String text) {
        return switch (this) {
            case LONG -> whole(text);
            case DOUBLE -> decimal(text);
            case BOOLEAN -> Objects.requireNonNullElseGet(Literal.truth(text), () -> Unusable.not("true or false"));
            case TEXT -> text;
            case INFERRED -> inferred(text);
        };
    }

    private static Object whole(String text) {
        Object number = Literal.number(text);
        return number instanceof Long || number instanceof Unusable
                ? number
                : Unusable.not("a whole number of 64 bits");
    }

    private static Object decimal(String text) {
        Object number = Literal.number(text);
        return number instanceof Long whole
                ? (Object) whole.doubleValue()
                : Objects.requireNonNullElseGet(number, () -> Unusable.not("a number"));
    }

    private static Object inferred(String text) {
        Object truth = Literal.truth(text);
        return truth != null ? truth : Objects.requireNonNullElse(Literal.number(text), text);
    }
}
