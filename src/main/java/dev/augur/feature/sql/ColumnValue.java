package dev.augur.feature.sql;

import io.vertx.sqlclient.data.Numeric;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a column's value is as a feature: integers are {@code Long}; {@code real}, {@code double precision} and {@code numeric} are
 * {@code Double} (a {@code numeric} is rounded); texts, UUIDs, dates and times are {@code String}, the latter as ISO 8601 has them.
 * Thread-safe.
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

    private ColumnValue() {}

    /** Whether columns of that type can be features; the name is the client's. */
    static boolean supports(String typeName) {
        return TYPES.contains(typeName);
    }

    /** The feature; {@code null} when the value is of another kind or not a finite number. */
    static @Nullable Object of(Object value) {
        if (value instanceof Double || value instanceof Float || value instanceof Numeric) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? number : null;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            return ((Number) value).longValue();
        }
        if (value instanceof Boolean || value instanceof String) {
            return value;
        }
        return value instanceof UUID ? value.toString() : time(value);
    }

    private static @Nullable String time(Object value) {
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
        return value instanceof LocalDate date ? date.toString() : null;
    }
}
