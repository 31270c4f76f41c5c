package dev.augur.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.augur.setting.Section;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by their dotted key, the server's own as well as those of stores and plug-ins, and remembers every
 * problem and every setting asked for, so that all problems can be reported at once, unknown keys included. One thread.
 */
final class ConfigReader implements Section {
    /** It may stand in a URL, in an address of the event bus and in a label of a meter. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

    /** A folder's. */
    private static final Pattern MODEL = Pattern.compile("[^/\\p{Cntrl}]{1,255}");

    private final ConfigSource source;
    private final String prefix;
    private final Map<String, Setting> settings;
    private final Set<String> known;
    private final Set<String> maps;
    private final List<String> problems;

    ConfigReader(ConfigSource source) {
        this.source = source;
        this.prefix = "";
        this.settings = new LinkedHashMap<>();
        this.known = new LinkedHashSet<>();
        this.maps = new LinkedHashSet<>();
        this.problems = new ArrayList<>();
    }

    private ConfigReader(ConfigReader above, String prefix) {
        this.source = above.source;
        this.prefix = prefix;
        this.settings = above.settings;
        this.known = above.known;
        this.maps = above.maps;
        this.problems = above.problems;
    }

    @Override
    public String name() {
        var names = Key.names(prefix);
        return names.size() < 2 ? "" : names.get(names.size() - 2); // there is a dot behind it
    }

    /** The settings whose keys begin so. */
    ConfigReader under(String start) {
        return new ConfigReader(this, prefix + start);
    }

    /** The sections below that key, by the names that the operator gave them; each is read by keys of its own. */
    Map<String, ConfigReader> named(String key) {
        return named(key, NAME, "a name of letters, digits, ., - and _, not with a . at its beginning");
    }

    /** The same for sections that are called as models are, which may have any name that a folder can have. */
    Map<String, ConfigReader> namedAsModels(String key) {
        return named(key, MODEL, "the name of a model");
    }

    private Map<String, ConfigReader> named(String key, Pattern allowed, String expected) {
        String place = prefix + key;
        known.add(place);
        JsonNode node = source.node(place);
        var names = new LinkedHashSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        names.addAll(source.overridesBelow(place).keySet());
        if (!node.isMissingNode() && !node.isObject() && !ConfigSource.nothing(node)) {
            problems.add(source.file() + ": " + place + ": expected sections by name");
        }
        var sections = new LinkedHashMap<String, ConfigReader>();
        for (String name : names) {
            if (allowed.matcher(name).matches() || name.equals(KeyPattern.ANY)) {
                sections.put(name, new ConfigReader(this, Key.in(place + ".", name) + "."));
            } else {
                known.add(Key.in(place + ".", name)); // one problem is enough
                problems.add(source.file() + ": " + place + ": \"" + name + "\" is not allowed, expected " + expected);
            }
        }
        return sections;
    }

    @Override
    public String text(String key, String defaultValue) {
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

    @Override
    public String text(String key) {
        String text = text(key, "");
        settings.computeIfPresent(prefix + key, (name, setting) -> setting.required());
        if (text.isEmpty() && !isSet(key)) {
            problem(key, "has to be there");
        }
        return text;
    }

    /** Whether the operator wrote something there. */
    boolean isSet(String key) {
        return !source.node(prefix + key).isMissingNode() || source.overrides().containsKey(prefix + key);
    }

    /** A path; the default is one in Augur's folder. */
    Path path(String key, String defaultValue) {
        return read(key, ConfigLoader.home().resolve(defaultValue), "a path", node -> path(prefix + key, node));
    }

    @Override
    public Path path(String key) {
        String text = text(key);
        var path = text.isEmpty() ? Path.of("") : path(key, "");
        settings.computeIfPresent(prefix + key, (name, setting) -> setting.required());
        return path;
    }

    @Override
    public Optional<Path> optionalPath(String key) {
        Optional<Path> none = Optional.empty();
        return read(key, none, "a path", node -> {
            Path path = node.asText().equals("none") ? null : path(prefix + key, node);
            return node.asText().equals("none") ? none : path == null ? null : Optional.of(path);
        });
    }

    @Override
    public Map<String, Path> paths(String key) {
        var paths = new LinkedHashMap<String, Path>();
        map(key).forEach((name, text) -> {
            Path path = path(Key.in(prefix + key + ".", name), new TextNode(text));
            if (path == null) {
                problem(key, "expected paths by name");
            } else {
                paths.put(name, path);
            }
        });
        return paths;
    }

    private @Nullable Path path(String key, JsonNode node) {
        if (!node.isTextual() || node.asText().isBlank()) {
            return null;
        }
        try {
            return source.overrides().containsKey(key) ? Path.of(node.asText()) : source.resolve(node.asText());
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public boolean flag(String key, boolean defaultValue) {
        return read(key, defaultValue, "true or false", node -> switch (node.asText()) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    @Override
    public int integer(String key, int defaultValue, Range<Integer> allowed) {
        return read(key, defaultValue, "an integer from " + allowed.min() + " to " + allowed.max(), node -> {
            var value = Units.integer(node.asText());
            return value == null || value < allowed.min() || value > allowed.max() ? null : value.intValue();
        });
    }

    @Override
    public long bytes(String key, long defaultValue, Range<Long> allowed) {
        var expected =
                "a size from " + allowed.min() + " to " + allowed.max() + " bytes, such as " + Units.text(defaultValue);
        return read(key, defaultValue, expected, node -> {
            var value = Units.bytes(node.asText());
            return value == null || !allowed.holds(value) ? null : value;
        });
    }

    /** A time such as {@code 500ms}, {@code 1.5s} or {@code 2m}; a plain 0 needs no unit. */
    @Override
    public Duration duration(String key, Duration defaultValue, Range<Duration> allowed) {
        var expected = "a time from " + allowed.min().toMillis() + "ms to "
                + allowed.max().toSeconds() + "s with its unit ms, s, m, h or d, such as " + Units.text(defaultValue);
        return read(key, defaultValue, expected, node -> {
            var value = Units.duration(node.asText());
            return value == null || !allowed.holds(value) ? null : value;
        });
    }

    /** Whether a section as a whole is {@code none}. */
    boolean none(String key) {
        var text = read(key, "", "none, or the settings of this section", node -> {
            boolean section = node.isObject() || ConfigSource.nothing(node);
            return section ? "" : node.asText().equals("none") ? "none" : null;
        });
        return !text.isEmpty();
    }

    /** A list; where a list cannot be written, texts separated by commas. */
    @Override
    public List<String> list(String key, List<String> defaultValue) {
        return read(key, defaultValue, "a list of texts", ConfigSource::texts);
    }

    @Override
    public Map<String, String> map(String key) {
        var one = new LinkedHashMap<String, String>();
        lists(key, List::of).forEach((name, texts) -> one.put(name, String.join(",", texts)));
        return one;
    }

    @Override
    public Map<String, Object> values(String key) {
        return FeatureValues.of(map(key));
    }

    /**
     * Lists of texts by name; a single text is a list of one, or of several with commas between them in an override.
     */
    Map<String, List<String>> lists(String key) {
        return lists(key, text -> requireNonNull(ConfigSource.texts(new TextNode(text))));
    }

    private Map<String, List<String>> lists(String key, Function<String, List<String>> ofOverride) {
        maps.add(prefix + key);
        Map<String, List<String>> inFile = read(key, Map.of(), "texts or lists of texts by name", node -> {
            var lists = new LinkedHashMap<String, List<String>>();
            node.fields().forEachRemaining(field -> {
                var value = field.getValue();
                var texts = value.isValueNode() ? List.of(value.asText()) : ConfigSource.texts(value);
                lists.put(field.getKey(), texts == null ? List.of() : texts);
            });
            boolean whole = lists.values().stream().noneMatch(List::isEmpty);
            return (node.isObject() || ConfigSource.nothing(node)) && whole ? lists : null;
        });
        var lists = new LinkedHashMap<>(inFile);
        source.overridesBelow(prefix + key).forEach((name, override) -> {
            known.add(Key.in(prefix + key + ".", name));
            lists.put(name, ofOverride.apply(override.value()));
        });
        return lists;
    }

    @Override
    public <E extends Enum<E>> E choice(String key, Class<E> type, E defaultValue) {
        var allowed =
                Arrays.stream(type.getEnumConstants()).map(Setting::spelling).collect(Collectors.joining(", "));
        return read(key, defaultValue, "one of " + allowed, node -> Arrays.stream(type.getEnumConstants())
                .filter(choice -> Setting.spelling(choice).equals(node.asText()))
                .findFirst()
                .orElse(null));
    }

    <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
        var all = type.getEnumConstants();
        var allowed = Arrays.stream(all).map(Setting::spelling).collect(Collectors.joining(", "));
        return read(key, Collections.unmodifiableSet(EnumSet.allOf(type)), "one or more of " + allowed, node -> {
            var texts = ConfigSource.texts(node);
            if (texts == null || texts.isEmpty()) {
                return null;
            }
            var chosen = Arrays.stream(all)
                    .filter(choice -> texts.contains(Setting.spelling(choice)))
                    .collect(Collectors.toSet());
            return chosen.size() == Set.copyOf(texts).size() ? chosen : null;
        });
    }

    @Override
    public void problem(String key, String problem) {
        problems.add(source.origin(prefix + key) + ": " + prefix + key + ": " + problem);
    }

    /** Every problem found so far, and every key nobody asked for. */
    List<String> problems() {
        var all = new ArrayList<>(problems);
        all.addAll(new UnknownKeys(source, known, maps).problems());
        return all;
    }

    /** Every setting asked for so far, but for sections by name. */
    Collection<Setting> settings() {
        return settings.values();
    }

    /** Every key asked for so far. */
    Set<String> known() {
        return known;
    }

    /** The keys among them below which any name may stand. */
    Set<String> maps() {
        return maps;
    }

    private <T> T read(String lastKey, T defaultValue, String expected, Function<JsonNode, @Nullable T> convert) {
        String key = prefix + lastKey;
        known.add(key);
        settings.put(key, Setting.of(key, defaultValue, expected));
        var override = source.overrides().get(key);
        JsonNode node = override == null ? source.node(key) : new TextNode(override.value());
        if (node.isMissingNode()) {
            return defaultValue;
        }
        T value = convert.apply(node);
        if (value == null) {
            problem(lastKey, Setting.shown(key, node) + " is not allowed, expected " + expected);
            return defaultValue;
        }
        return value;
    }
}
