package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the one call that reads a setting says of it. Immutable.
 *
 * @param key with the sections above it
 * @param defaultText as it would stand in a file; empty where there is none
 * @param expected what is allowed, in words
 */
record Setting(String key, String defaultText, String expected) {
    /** Stands for the default of a setting that has to be there. */
    static final String REQUIRED = "required";

    private static final Pattern SECRET = Pattern.compile(".*(password|secret|token|headers|kafka\\.properties)");

    static Setting of(String key, Object defaultValue, String expected) {
        return new Setting(key, text(defaultValue), expected);
    }

    Setting required() {
        return new Setting(key, REQUIRED, expected);
    }

    /** A value as it would stand in a file. */
    private static String text(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.isPresent() ? text(optional.get()) : "none";
        }
        if (value instanceof Collection<?> values) {
            return values.stream().map(Setting::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> values) {
            return values.isEmpty() ? "{}" : values.toString();
        }
        if (value instanceof Duration time) {
            return Units.text(time);
        }
        if (value instanceof Long bytes) {
            return Units.text(bytes);
        }
        return value instanceof Enum<?> choice ? spelling(choice) : value.toString();
    }

    /** What somebody wrote there, as a message may show it. */
    static String shown(String key, JsonNode node) {
        if (SECRET.matcher(key).matches()) {
            return "the value";
        }
        return node.isTextual() ? "\"" + node.asText() + "\"" : node.toString();
    }

    /** A constant as it stands in a file. */
    static String spelling(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
