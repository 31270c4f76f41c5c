package dev.augur.openapi;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names of models and pipelines in paths and identifiers. Thread-safe. */
final class PathText {
    private PathText() {}

    /** As a part of a path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** As a part of a name of an operation; other names may become the same. */
    static String identifier(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
    }
}
