package dev.augur.http;

import java.util.List;

/** The pages for people, and the files that they are made of. Immutable, thread-safe. */
final class Pages {
    private Pages() {}

    /**
     * Their routes: {@code shelf.page("/", BundledFile.own("console", "index.html").get(0))} for a page,
     * {@code shelf.folder("/lib", WebJar.of("org.webjars.npm", "uplot").files("dist/uPlot.esm.js"))} for several files.
     */
    static List<Endpoint> table(FileHandler.Shelf shelf) {
        return List.of();
    }
}
