package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Settings as others may see them: what may be a secret is not shown. Thread-safe. */
final class ShownSettings {
    private static final String HIDDEN = "(hidden)";

    /** Also those of kinds of stores and sinks that are not ours, so rather too many; a file's name is no secret. */
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|passw|secret|token|credential|private|headers|properties|api-?key|auth).*");

    private static final Pattern FILE = Pattern.compile(".*-files?(\\..*)?");
    private static final Pattern USER = Pattern.compile("://[^/@\\s]*@");
    private static final Pattern QUERY = Pattern.compile("([?&][^=&\\s]*=)[^&\\s]*");

    private ShownSettings() {}

    /** By key, what the file says and what overrides it, with where it is from. */
    static Map<String, String> of(ConfigSource source) {
        var shown = new TreeMap<String, String>();
        flatten("", source.root(), shown);
        source.overrides()
                .forEach(
                        (key, override) -> shown.put(key, value(key, override.value()) + " from " + override.origin()));
        return shown;
    }

    private static void flatten(String key, JsonNode node, Map<String, String> shown) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(field -> flatten(
                            key.isEmpty() ? field.getKey() : key + "." + field.getKey(), field.getValue(), shown));
        } else if (!node.isMissingNode()) {
            shown.put(key, value(key, node.isTextual() ? node.asText() : node.toString()));
        }
    }

    private static String value(String key, String text) {
        if (SECRET.matcher(key).matches() && !FILE.matcher(key).matches()) {
            return HIDDEN;
        }
        String withoutUser = USER.matcher(text).replaceAll("://" + HIDDEN + "@");
        return withoutUser.contains("://") ? QUERY.matcher(withoutUser).replaceAll("$1" + HIDDEN) : withoutUser;
    }
}
