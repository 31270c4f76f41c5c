package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what stands in a configuration and is no setting, or is none any more. One thread. */
final class UnknownKeys {
    /** What a setting was called once, and is now. */
    private static final Map<String, String> RENAMED = Map.of("http.management-port", ManagementSettings.PORT);

    private final ConfigSource source;
    private final Set<String> known;
    private final Set<String> maps;

    /**
     * Of this configuration.
     *
     * @param known every setting
     * @param maps those among them below which any name may stand
     */
    UnknownKeys(ConfigSource source, Set<String> known, Set<String> maps) {
        this.source = source;
        this.known = known;
        this.maps = maps;
    }

    /** One line for each. */
    List<String> problems() {
        var all = new ArrayList<String>();
        JsonNode root = source.root();
        if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
            all.add(source.file() + ": expected sections such as http: or models:");
        }
        inFile("", root, all);
        source.overrides().forEach((key, override) -> {
            if (!known.contains(key)) {
                all.add(override.origin() + ": " + key + " "
                        + (RENAMED.containsKey(key) ? now(key) : "is not a setting"));
            }
        });
        return all;
    }

    private void inFile(String above, JsonNode node, List<String> all) {
        node.fields().forEachRemaining(field -> {
            String key = Key.in(above, field.getKey());
            boolean section = known.stream().anyMatch(candidate -> candidate.startsWith(key + "."));
            if (maps.contains(key)) {
                return;
            }
            if (section && (field.getValue().isObject() || ConfigSource.nothing(field.getValue()))) {
                inFile(key + ".", field.getValue(), all);
            } else if (!known.contains(key)) {
                all.add(source.file() + ": " + above + field.getKey() + ": "
                        + (RENAMED.containsKey(key) ? now(key) : problem(field.getKey(), section)));
            }
        });
    }

    /** One line for each variable that has lost its setting. */
    static List<String> problems(Set<String> variables) {
        return RENAMED.keySet().stream()
                .flatMap(key -> variables.stream()
                        .filter(name -> new KeyPattern(key).inVariable(name).isPresent())
                        .map(name -> name + ": " + key + " " + now(key)))
                .toList();
    }

    private static String now(String key) {
        return "is called " + RENAMED.get(key) + " now";
    }

    private static String problem(String name, boolean section) {
        if (section) {
            return "expected the settings of this section";
        }
        return name.contains(".")
                ? "a key with a dot is no setting; write sections, such as http: and port:"
                : "unknown setting";
    }
}
