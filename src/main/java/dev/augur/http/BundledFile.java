package dev.augur.http;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

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

    /**
     * All files of a folder of {@code src/main/resources} but its page, {@code index.html}, which names the others.
     * Looks into the jar or the folder of classes, so it may block.
     */
    static List<BundledFile> folder(String name) {
        URL page = BundledFile.class.getResource("/" + name + "/index.html");
        if (page == null) {
            throw new IllegalArgumentException("there is no /" + name + "/index.html on the class path");
        }
        try {
            return names(page, name + "/")
                    .filter(file -> !file.equals("index.html"))
                    .sorted()
                    .map(file -> new BundledFile(file, "/" + name + "/" + file))
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot list " + page, e);
        }
    }

    private static Stream<String> names(URL page, String folder) throws IOException, URISyntaxException {
        if (page.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFile().stream()
                    .map(ZipEntry::getName)
                    .filter(entry -> entry.startsWith(folder) && !entry.endsWith("/"))
                    .map(entry -> entry.substring(folder.length()));
        }
        try (var files = Files.list(Path.of(page.toURI()).resolveSibling(""))) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
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
