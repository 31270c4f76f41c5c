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
     * Their routes: {@code shelf.page("/", BundledFile.own("console", "index.html").get(0))} for a page,
     * {@code shelf.folder("/lib", WebJar.of("org.webjars.npm", "uplot").files("dist/uPlot.esm.js"))} for several files.
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

    /** Whether a route is for pages, and for no other client. */
    static boolean has(Endpoint endpoint) {
        return PATH.matcher(endpoint.path()).matches();
    }
}
