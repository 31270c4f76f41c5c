package dev.augur.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Map;

/**
 * Where values come from: a file, and what overrides it.
 *
 * @param file name of the file, for messages
 * @param root its content; missing when there is no file
 * @param overrides by key, such as {@code http.port}
 */
record ConfigSource(String file, JsonNode root, Map<String, Overriding> overrides) {

    /**
     * A value from elsewhere than the file.
     *
     * @param origin where from, for messages: {@code AUGUR_HTTP_PORT} or {@code --port}
     */
    record Overriding(String origin, String value) {}

    static ConfigSource empty() {
        return new ConfigSource("defaults", MissingNode.getInstance(), Map.of());
    }
}
