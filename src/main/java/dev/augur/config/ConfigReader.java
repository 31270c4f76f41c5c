package dev.augur.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by their dotted key and remembers every problem and every key asked for, so that all problems can be reported at
 * once, unknown keys included. One thread.
 */
final class ConfigReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Pattern SECRET = Pattern.compile(".*(password|secret|token|headers|kafka\\.properties)");

    private final ConfigSource source;
    private final String prefix;
    private final Set<String> known;
    private final List<String> problems;

    ConfigReader(ConfigSource source) {
        this(source, "", new LinkedHashSet<>(), new ArrayList<>());
    }

    private ConfigReader(ConfigSource source, String prefix, Set<String> known, List<String> problems) {
        this.source = source;
        this.prefix = prefix;
        this.known = known;
        this.problems = problems;
    }

    /** The settings whose keys begin so. */
    ConfigReader under(String start) {
        return new ConfigReader(source, prefix + start, known, problems);
    }

    /** The sections below that key, by the names that the operator gave them; each is read by keys of its own. */
    Map<String, ConfigReader> named(String key) {
        String place = prefix + key;
        known.add(place);
        var names = new LinkedHashSet<String>();
        JsonNode node = node(place);
        node.fieldNames().forEachRemaining(names::add);
        source.overrides().keySet().stream()
                .filter(override -> override.startsWith(place + "."))
                .forEach(override ->
                        names.add(override.substring(place.length() + 1).replaceFirst("\\..*", "")));
        if (!node.isMissingNode() && !node.isObject() && !nothing(node)) {
            problems.add(source.file() + ": " + place + ": expected sections by name");
        }
        var sections = new LinkedHashMap<String, ConfigReader>();
        for (String name : names) {
            if (NAME.matcher(name).matches()) {
                sections.put(name, new ConfigReader(source, place + "." + name + ".", known, problems));
            } else {
                known.add(place + "." + name); // one problem is enough
                problems.add(source.file() + ": " + place + ": \"" + name
                        + "\" is not allowed, expected a name of letters, digits, - and _");
            }
        }
        return sections;
    }

    String text(String key, String defaultValue) {
        return read(
                key,
                defaultValue,
                "a text",
                node -> node.isTextual() && !node.asText().isBlank() ? node.asText() : null);
    }

    /** A text that may look like an integer, such as a version or a key. */
    String word(String key, String defaultValue) {
        return read(key, defaultValue, "a text or an integer", node -> {
            boolean allowed = node.isTextual() || node.isIntegralNumber();
            return allowed && !node.asText().isBlank() ? node.asText() : null;
        });
    }

    /** A text that has to be there; empty if it is not. */
    String requiredText(String key) {
        String text = text(key, "");
        if (text.isEmpty()
                && node(prefix + key).isMissingNode()
                && !source.overrides().containsKey(prefix + key)) {
            problem(key, "has to be there");
        }
        return text;
    }

    Path path(String key, String defaultValue) {
        return read(key, Path.of(defaultValue), "a path", node -> {
            try {
                return node.isTextual() && !node.asText().isBlank() ? Path.of(node.asText()) : null;
            } catch (InvalidPathException e) {
                return null;
            }
        });
    }

    boolean flag(String key, boolean defaultValue) {
        return read(key, defaultValue, "true or false", node -> switch (node.asText()) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    int integer(String key, int defaultValue, int min, int max) {
        return read(key, defaultValue, "an integer from " + min + " to " + max, node -> {
            var value = Units.integer(node.asText());
            return value == null || value < min || value > max ? null : value.intValue();
        });
    }

    /** A size such as {@code 64MiB}, {@code 512KiB} or a plain number of bytes. */
    long bytes(String key, String defaultValue, long min, long max) {
        var expected = "a size from " + min + " to " + max + " bytes, such as " + defaultValue;
        return read(key, requireNonNull(Units.bytes(defaultValue)), expected, node -> {
            var value = Units.bytes(node.asText());
            return value == null || value < min || value > max ? null : value;
        });
    }

    /** A time such as {@code 500ms}, {@code 1.5s} or {@code 2m}; a plain 0 needs no unit. */
    Duration duration(String key, String defaultValue, Duration min, Duration max) {
        var expected = "a time from " + min.toMillis() + "ms to " + max.toSeconds()
                + "s with its unit ms, s, m, h or d, such as " + defaultValue;
        return read(key, requireNonNull(Units.duration(defaultValue)), expected, node -> {
            var value = Units.duration(node.asText());
            return value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0 ? null : value;
        });
    }

    /** A list; where a list cannot be written, texts separated by commas. */
    List<String> list(String key, List<String> defaultValue) {
        return read(key, defaultValue, "a list of texts", ConfigReader::texts);
    }

    /** Texts by name. */
    Map<String, String> texts(String key) {
        var one = new LinkedHashMap<String, String>();
        lists(key).forEach((name, texts) -> one.put(name, String.join(",", texts)));
        return one;
    }

    /** Lists of texts by name; a single text is a list of one. */
    Map<String, List<String>> lists(String key) {
        return read(key, Map.of(), "texts or lists of texts by name", node -> {
            var lists = new LinkedHashMap<String, List<String>>();
            node.fields().forEachRemaining(field -> {
                var value = field.getValue();
                var texts = value.isValueNode() ? List.of(value.asText()) : texts(value);
                lists.put(field.getKey(), texts == null ? List.of() : texts);
            });
            boolean whole = lists.values().stream().noneMatch(List::isEmpty);
            return (node.isObject() || nothing(node)) && whole ? lists : null;
        });
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
        var allowed = Arrays.stream(type.getEnumConstants())
                .map(ConfigReader::spelling)
                .collect(Collectors.joining(", "));
        return read(key, defaultValue, "one of " + allowed, node -> Arrays.stream(type.getEnumConstants())
                .filter(choice -> spelling(choice).equals(node.asText()))
                .findFirst()
                .orElse(null));
    }

    <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        var all = type.getEnumConstants();
        var allowed = Arrays.stream(all).map(ConfigReader::spelling).collect(Collectors.joining(", "));
        return read(key, Set.of(all), "one or more of " + allowed, node -> {
            var texts = texts(node);
            if (texts == null || texts.isEmpty()) {
                return null;
            }
            var chosen = Arrays.stream(all)
                    .filter(choice -> texts.contains(spelling(choice)))
                    .collect(Collectors.toSet());
            return chosen.size() == Set.copyOf(texts).size() ? chosen : null;
        });
    }

    /** Adds a problem that concerns more than one value. */
    void problem(String key, String problem) {
        problems.add(source.file() + ": " + prefix + key + ": " + problem);
    }

    /** Every problem found so far, and every key nobody asked for. */
    List<String> problems() {
        var all = new ArrayList<>(problems);
        if (!source.root().isObject()
                && !source.root().isMissingNode()
                && !source.root().isNull()) {
            all.add(source.file() + ": expected sections such as http: or models:");
        }
        unknown("", source.root(), all);
        source.overrides().forEach((key, override) -> {
            if (!known.contains(key)) {
                all.add(override.origin() + ": " + key + " is not a setting");
            }
        });
        return all;
    }

    /** Every key asked for so far. */
    Set<String> known() {
        return known;
    }

    private <T> T read(String lastKey, T defaultValue, String expected, Function<JsonNode, @Nullable T> convert) {
        String key = prefix + lastKey;
        known.add(key);
        var override = source.overrides().get(key);
        JsonNode node = override == null ? node(key) : new TextNode(override.value());
        if (node.isMissingNode()) {
            return defaultValue;
        }
        T value = convert.apply(node);
        if (value == null) {
            String where = override == null ? source.file() : override.origin();
            problems.add(where + ": " + key + ": " + shown(key, node) + " is not allowed, expected " + expected);
            return defaultValue;
        }
        return value;
    }

    private JsonNode node(String key) {
        return source.root().at("/" + key.replace('.', '/'));
    }

    private void unknown(String above, JsonNode node, List<String> all) {
        node.fields().forEachRemaining(field -> {
            String key = above + field.getKey();
            if (field.getKey().contains(".")) {
                all.add(source.file() + ": " + key
                        + ": a key with a dot is no setting; write sections, such as http: and port:");
                return;
            }
            boolean section = known.stream().anyMatch(candidate -> candidate.startsWith(key + "."));
            if (section && (field.getValue().isObject() || nothing(field.getValue()))) {
                unknown(key + ".", field.getValue(), all);
            } else if (!known.contains(key)) {
                all.add(source.file() + ": " + key
                        + (section ? ": expected the settings of this section" : ": unknown setting"));
            }
        });
    }

    /** What stands behind a section whose settings are all commented out. */
    private static boolean nothing(JsonNode node) {
        return node.isNull() || (node.isTextual() && node.asText().isEmpty());
    }

    private static String shown(String key, JsonNode node) {
        if (SECRET.matcher(key).matches()) {
            return "the value";
        }
        return node.isTextual() ? "\"" + node.asText() + "\"" : node.toString();
    }

    private static String spelling(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static @Nullable List<String> texts(JsonNode node) {
        if (node.isTextual() || node.isIntegralNumber()) {
            return Arrays.stream(node.asText().split(",", -1)).map(String::trim).toList();
        }
        if (!node.isArray()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (JsonNode element : node) {
            if (!element.isTextual() && !element.isIntegralNumber()) {
                return null;
            }
            texts.add(element.asText());
        }
        return texts;
    }
}
