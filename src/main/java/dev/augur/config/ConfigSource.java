package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where values come from: a file, and what overrides it.
 *
 * @param file name of the file, for messages
 * @param folder where it lies, for the relative paths in it; {@code null} for the working folder
 * @param root its content; missing when there is no file
 * @param overrides by key, such as {@code http.port}
 */
record ConfigSource(String file, @Nullable Path folder, JsonNode root, Map<String, Overriding> overrides) {

    ConfigSource(String file, JsonNode root, Map<String, Overriding> overrides) {
        this(file, null, root, overrides);
    }

    /**
     * A value from elsewhere than the file.
     *
     * @param origin where from, for messages: {@code AUGUR_HTTP_PORT} or {@code --port}
     */
    record Overriding(String origin, String value) {}

    static ConfigSource empty() {
        return new ConfigSource("defaults", null, MissingNode.getInstance(), Map.of());
    }

    /** The same file with these overrides. */
    ConfigSource with(Map<String, Overriding> others) {
        return new ConfigSource(file, folder, root, others);
    }

    /** Where the value of a key comes from; the file also if it has none. */
    String origin(String key) {
        var override = overrides.get(key);
        return override == null ? file : override.origin();
    }

    /** A path that stands in the file. */
    Path resolve(String path) {
        return folder == null ? Path.of(path) : folder.resolve(path).normalize();
    }

    /** What the file holds under that key; missing if nothing. */
    JsonNode node(String key) {
        JsonNode node = root;
        for (String name : Key.names(key)) {
            node = node.path(name);
        }
        return node;
    }

    /** What overrides something below that key, by the first name behind it. */
    Map<String, Overriding> overridesBelow(String key) {
        var above = Key.names(key);
        var below = new LinkedHashMap<String, Overriding>();
        overrides.forEach((longer, override) -> {
            var names = Key.names(longer);
            if (names.size() > above.size() && names.subList(0, above.size()).equals(above)) {
                below.putIfAbsent(names.get(above.size()), override);
            }
        });
        return below;
    }

    /** Whether that stands behind a section whose settings are all commented out. */
    static boolean nothing(JsonNode node) {
        return node.isNull() || (node.isTextual() && node.asText().isEmpty());
    }

    /** A list, or a text with commas between its parts; {@code null} for all else. */
    static @Nullable List<String> texts(JsonNode node) {
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
