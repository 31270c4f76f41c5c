package dev.augur.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a setting, or of all settings that differ only in names of the operator's choice, each of which is a
 * {@code *}: {@code models.by-name.*.queue}. Thread-safe.
 */
final class KeyPattern {
    /** Stands for a name. */
    static final String ANY = "*";

    private static final String VARIABLE_PREFIX = "AUGUR_";

    private final List<String> parts;
    private final Pattern flag;
    private final Pattern variable;

    KeyPattern(String key) {
        parts = Key.names(key);
        var flags = new ArrayList<String>();
        var variables = new ArrayList<String>();
        for (String part : parts) {
            flags.add(part.equals(ANY) ? "(\"(?:[^\"]|\"\")*\"|.+?)" : Pattern.quote(part));
            variables.add(part.equals(ANY) ? "(.+?)" : Pattern.quote(spelling(part)));
        }
        flag = Pattern.compile(String.join("\\.", flags), Pattern.DOTALL);
        variable = Pattern.compile(VARIABLE_PREFIX + String.join("_", variables), Pattern.DOTALL);
    }

    /** How a name is spelt within the name of a variable. */
    static String spelling(String name) {
        return name.replaceAll("[^\\p{L}\\p{N}]", "_").toUpperCase(Locale.ROOT);
    }

    List<String> parts() {
        return parts;
    }

    /** How much of it is fixed: the larger, the better it says what is meant. */
    int fixed() {
        return parts.stream()
                .filter(part -> !part.equals(ANY))
                .mapToInt(String::length)
                .sum();
    }

    /**
     * The names in a flag's key, for which quotes are needed only where it is not clear without; empty for another
     * setting's.
     */
    Optional<List<String>> inFlag(String key) {
        return names(flag.matcher(key))
                .map(names -> names.stream().map(Key::plain).toList());
    }

    /** The names in a variable's name, as they are spelt there; empty for another setting's. */
    Optional<List<String>> inVariable(String name) {
        return names(variable.matcher(name));
    }

    /** The key with these names in it. */
    String with(List<String> names) {
        var key = new StringBuilder();
        var left = names.iterator();
        for (String part : parts) {
            key.append(key.isEmpty() ? "" : ".").append(Key.in("", part.equals(ANY) ? left.next() : part));
        }
        return key.toString();
    }

    private static Optional<List<String>> names(Matcher matcher) {
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        for (int group = 1; group <= matcher.groupCount(); group++) {
            names.add(matcher.group(group));
        }
        return Optional.of(names);
    }
}
