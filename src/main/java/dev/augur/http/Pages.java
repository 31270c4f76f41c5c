package dev.augur.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The pages for people, and the files that they are made of. They are no part of what {@code /openapi.json} describes.
 * Immutable, thread-safe.
 */
final class Pages {
    private static final Pattern PATH = Pattern.compile("/|/openapi\\.json|/(docs|console|lib)(/.*)?");

    private Pages() {}

    /**
     * What the server tells of its routes, unless it is not to.
     *
     * @param document answers {@code /openapi.json}
     */
    static List<Endpoint> table(HttpConfig config, FileHandler.Shelf shelf, DocumentHandler document) {
        var table = new ArrayList<Endpoint>();
        if (config.docs()) {
            var files = new ArrayList<>(BundledFile.own("docs", "docs.js", "docs.css"));
            files.addAll(WebJar.of("org.webjars", "swagger-ui")
                    .files("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"));
            table.add(Endpoint.get("/openapi.json", document));
            table.add(shelf.page("/docs", BundledFile.own("docs", "index.html").get(0)));
            table.add(shelf.folder("/docs", files));
        }
        return table;
    }

    /** The console: its page, the files it is made of, and the libraries that it uses. */
    static List<Endpoint> console(FileHandler.Shelf shelf) {
        var libraries = new ArrayList<BundledFile>();
        libraries.addAll(library("lit-html").files("lit-html.js"));
        libraries.addAll(library("uplot").files("dist/uPlot.esm.js", "dist/uPlot.min.css"));
        libraries.addAll(library("picocss__pico").files("css/pico.min.css"));
        return List.of(
                shelf.page("/", BundledFile.own("console", "index.html").get(0)),
                shelf.folder("/console", BundledFile.folder("console")),
                shelf.folder("/lib", libraries));
    }

    private static WebJar library(String name) {
        return WebJar.of("org.webjars.npm", name);
    }

    /** Whether a route is for pages, and for no other client. */
    static boolean has(Endpoint endpoint) {
        return PATH.matcher(endpoint.path()).matches();
    }
}
