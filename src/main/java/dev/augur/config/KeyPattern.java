package dev.augur.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The key of a setting, or of all settings that differ only in names of the operator's choice, each of which is a
 * {@code *}: {@code models.by-name.*.queue}. Thread-safe.
 */
final class KeyPattern {
    /** Stands for a name. */
    static final String ANY = "*";

    private static final String VARIABLES = "AUGUR";
    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]");

    private final List<String> parts;
    private final Form flag;
    private final Form variable;

    /** The names of the operator's choice in a text; empty where the text means another setting. */
    private interface Form {
        Optional<List<String>> names(String text);
    }

    KeyPattern(String key) {
        parts = Key.names(key);
        flag = form(parts, ".", "(\"(?:[^\"]|\"\")*\"|.+?)");
        var spelt = Stream.concat(Stream.of(VARIABLES), parts.stream().map(KeyPattern::spelt));
        variable = form(spelt.toList(), "_", "(.+?)");
    }

    private static String spelt(String part) {
        return part.equals(ANY) ? ANY : spelling(part);
    }

    /** Most keys have no names in them: those are compared, since a start would make two hundred patterns of them. */
    private static Form form(List<String> parts, String between, String any) {
        if (!parts.contains(ANY)) {
            String only = String.join(between, parts);
            return text -> text.equals(only) ? Optional.of(List.of()) : Optional.empty();
        }
        var pattern = Pattern.compile(
                parts.stream()
                        .map(part -> part.equals(ANY) ? any : Pattern.quote(part))
                        .collect(Collectors.joining(Pattern.quote(between))),
                Pattern.DOTALL);
        return text -> names(pattern.matcher(text));
    }

    /** How a name is spelt within the name of a variable. */
    static String spelling(String name) {
        return NO_LETTER.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
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
        return flag.names(key).map(names -> names.stream().map(Key::plain).toList());
    }

    /** The names in a variable's name, as they are spelt there; empty for another setting's. */
    Optional<List<String>> inVariable(String name) {
        return variable.names(name);
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
