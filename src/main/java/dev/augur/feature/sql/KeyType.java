package dev.augur.feature.sql;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types a key column may have. A key is a {@code Long}, a {@code String} or a {@code UUID} here. Thread-safe. */
enum KeyType {
    INT2,
    INT4,
    INT8,
    TEXT,
    UUID_TYPE;

    private static final Map<String, KeyType> BY_NAME = Map.of(
            "INT2", INT2, "INT4", INT4, "INT8", INT8, "TEXT", TEXT, "VARCHAR", TEXT, "NAME", TEXT, "UUID", UUID_TYPE);
    private static final int UUID_LENGTH = 36;

    /** The type of that name, as the client names it; {@code null} when it cannot be a key's. */
    static @Nullable KeyType named(String typeName) {
        return BY_NAME.get(typeName);
    }

    /** The key as this type has it; {@code null} when a column of this type cannot hold it. */
    @Nullable
    Object key(String text) {
        return switch (this) {
            case INT2 -> integer(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case INT4 -> integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT8 -> integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case TEXT -> text.indexOf('\0') < 0 ? text : null;
            case UUID_TYPE -> uuid(text);
        };
    }

    /** Why a key is none of this type. */
    String unfit() {
        return switch (this) {
            case INT2 -> "keys are whole numbers of 16 bits";
            case INT4 -> "keys are whole numbers of 32 bits";
            case INT8 -> "keys are whole numbers of 64 bits";
            case TEXT -> "keys have no NUL character";
            case UUID_TYPE -> "keys are UUIDs";
        };
    }

    /** The parameter for these keys. */
    Object[] array(Collection<Object> keys) {
        var all = keys.stream();
        return switch (this) {
            case INT2 -> all.map(key -> ((Long) key).shortValue()).toArray(Short[]::new);
            case INT4 -> all.map(key -> ((Long) key).intValue()).toArray(Integer[]::new);
            case INT8 -> all.toArray(Long[]::new);
            case TEXT -> all.toArray(String[]::new);
            case UUID_TYPE -> all.toArray(UUID[]::new);
        };
    }

    /** The key as it stands in a row, in the form of {@link #key}. */
    static Object ofRow(Object value) {
        return value instanceof Number number ? (Object) number.longValue() : value;
    }

    private static @Nullable Object integer(String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            return value >= least && value <= most && Long.toString(value).equals(text) ? (Object) value : null;
        } catch (NumberFormatException other) {
            return null;
        }
    }

    private static @Nullable Object uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return null;
        }
        try {
            UUID value = UUID.fromString(text);
            return value.toString().equalsIgnoreCase(text) ? value : null;
        } catch (IllegalArgumentException other) {
            return null;
        }
    }

    /** The names of the types, for messages. */
    static String names() {
        return String.join(", ", Arrays.asList("smallint", "integer", "bigint", "text", "varchar", "name", "uuid"));
    }
}
