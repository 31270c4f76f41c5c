package dev.augur.feature.sql;

import dev.augur.feature.LookupFailure;
import dev.augur.feature.Unusable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Set;
import java.util.UUID;

/**
 * What a column's value is as a feature: integers are {@code Long}; {@code real}, {@code double precision} and
 * {@code numeric} are {@code Double} (a {@code numeric} is rounded, but for whole numbers of 64 bits); texts, UUIDs,
 * dates and times are {@code String}, the latter as ISO 8601 has them. Thread-safe.
 */
final class ColumnValue {
    private static final Set<String> TYPES = Set.of(
            "BOOL",
            "INT2",
            "INT4",
            "INT8",
            "FLOAT4",
            "FLOAT8",
            "NUMERIC",
            "TEXT",
            "VARCHAR",
            "BPCHAR",
            "CHAR",
            "NAME",
            "UUID",
            "DATE",
            "TIME",
            "TIMETZ",
            "TIMESTAMP",
            "TIMESTAMPTZ");

    /** PostgreSQL's times lie within; the client makes others of {@code infinity} and {@code -infinity}. */
    private static final int FIRST_YEAR = -5_000;

    private static final int LAST_YEAR = 6_000_000;

    private ColumnValue() {}

    /** Whether columns of that type can be features; the name is the client's. */
    static boolean supports(String typeName) {
        return TYPES.contains(typeName);
    }

    /** The feature, or why it is none. */
    static Object of(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            return ((Number) value).longValue();
        }
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        return value instanceof UUID ? value.toString() : time(value);
    }

    /** What a {@code numeric} is in text: a {@code Long} where a whole number would lose digits as a {@code Double}. */
    static Object number(String numeric) {
        double rounded = Double.parseDouble(numeric);
        if (!Double.isFinite(rounded)) {
            return Unusable.notFinite(numeric);
        }
        var exact = new BigDecimal(numeric);
        boolean whole =
                exact.stripTrailingZeros().scale() <= 0 && exact.toBigInteger().bitLength() < Long.SIZE;
        return whole && exact.compareTo(new BigDecimal(rounded)) != 0 ? (Object) exact.longValue() : rounded;
    }

    private static Object time(Object value) {
        if (value instanceof Temporal time && infinite(time)) {
            return new Unusable(LookupFailure.NOT_FINITE, "an infinite time");
        }
        if (value instanceof LocalDateTime local) {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
        }
        if (value instanceof OffsetDateTime offset) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(offset);
        }
        if (value instanceof LocalTime local) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(local);
        }
        if (value instanceof OffsetTime offset) {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(offset);
        }
        return value instanceof LocalDate date
                ? date.toString()
                : Unusable.not("a number, a text, a time or a truth value");
    }

    private static boolean infinite(Temporal time) {
        return time.isSupported(ChronoField.YEAR)
                && (time.get(ChronoField.YEAR) < FIRST_YEAR || time.get(ChronoField.YEAR) > LAST_YEAR);
    }
}
