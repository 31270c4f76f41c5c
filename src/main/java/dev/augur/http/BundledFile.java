package dev.augur.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file that comes with the server, on its class path. Immutable, thread-safe.
 *
 * @param name under which a route serves it; it may hold slashes
 * @param resource where it is on the class path
 */
record BundledFile(String name, String resource) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2");

    BundledFile {
        if (!TYPES.containsKey(ending(resource))) {
            throw new IllegalArgumentException("no content type for " + resource + ", expected one of " + TYPES);
        }
        if (BundledFile.class.getResource(resource) == null) {
            throw new IllegalArgumentException("there is no " + resource + " on the class path");
        }
    }

    /** Files of a folder of {@code src/main/resources}, each under its path in there. */
    static List<BundledFile> own(String folder, String... paths) {
        return Stream.of(paths)
                .map(path -> new BundledFile(path, "/" + folder + "/" + path))
                .toList();
    }

    /** As {@code Content-Type} says it. */
    String contentType() {
        return TYPES.getOrDefault(ending(resource), "");
    }

    /** Whether a browser shows it as a page, and it therefore has a policy. */
    boolean isPage() {
        return ending(resource).equals("html");
    }

    /** Whether packing makes it smaller. */
    boolean isText() {
        return !contentType().startsWith("image/p") && !contentType().startsWith("font/");
    }

    private static String ending(String resource) {
        return resource.substring(resource.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
