package dev.augur.openapi;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names that others gave, in paths, identifiers and descriptions. Thread-safe. */
final class NameText {
    private NameText() {}

    /** As a part of a path. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** As a part of a name of an operation; other names may become the same. */
    static String identifier(String name) {
        return name.replaceAll("[^A-Za-z0-9_]", "_");
    }

    /** In a description, which is Markdown and may hold HTML: as code it is neither. */
    static String code(String text) {
        String shown = text.replace('`', '\'').replaceAll("\\s+", " ").strip();
        return shown.isEmpty() ? "\"\"" : "`" + shown + "`";
    }

    /** Whether it means nothing in Markdown. Swagger UI shows the examples of parameters as that. */
    static boolean isPlain(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]*");
    }
}
