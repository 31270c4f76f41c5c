package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Serves files that come with the server, those on its list and no others: what a path names is looked up in a map and
 * never becomes a path of files. Each is read once, on a worker. Thread-safe.
 */
final class FileHandler implements Handler<RoutingContext> {
    /** A page may use what comes from this server, and nothing inline. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final int NOT_MODIFIED = 304;
    private static final int MOVED = 308;

    private final Map<String, BundledFile> files; // by path
    private final BundledFiles contents;
    private final WorkerPool worker;
    private final String policy;

    private FileHandler(Map<String, BundledFile> files, Shelf shelf, String policy) {
        this.files = files;
        this.contents = shelf.contents();
        this.worker = shelf.worker();
        this.policy = policy;
    }

    /**
     * Where the routes of one router have their files from. Thread-safe.
     *
     * @param worker reads what was not read yet
     */
    record Shelf(BundledFiles contents, WorkerPool worker) {
        /** The route of one page. */
        Endpoint page(String path, BundledFile file) {
            return page(path, file, POLICY);
        }

        /** The route of one page that needs a policy of its own. */
        Endpoint page(String path, BundledFile file, String policy) {
            return Endpoint.get(path, new FileHandler(Map.of(path, file), this, policy));
        }

        /** The route of several files: each is at {@code path}, a slash and its name. */
        Endpoint folder(String path, List<BundledFile> files) {
            var byPath = files.stream()
                    .collect(Collectors.toUnmodifiableMap(file -> path + "/" + file.name(), Function.identity()));
            return Endpoint.get(path + "/*", new FileHandler(byPath, this, POLICY));
        }
    }

    @Override
    public void handle(RoutingContext ctx) {
        String path = ctx.normalizedPath();
        var file = files.get(path);
        if (file == null && path.endsWith("/") && files.containsKey(path.substring(0, path.length() - 1))) {
            withoutSlash(ctx, path);
            return;
        }
        if (file == null) {
            throw new ServingException(ErrorCode.NOT_FOUND, "Not Found");
        }
        var content = contents.known(file);
        if (content != null) {
            send(ctx, file, content);
            return;
        }
        worker.run(Exchange.of(ctx).gone(), () -> contents.read(file))
                .onSuccess(read -> send(ctx, file, read))
                .onFailure(ctx::fail);
    }

    /** What a page names is relative to its own address, which has no slash at its end. */
    private static void withoutSlash(RoutingContext ctx, String path) {
        String name = path.substring(path.lastIndexOf('/', path.length() - 2) + 1, path.length() - 1);
        ctx.response()
                .setStatusCode(MOVED)
                .putHeader(HttpHeaders.LOCATION, "../" + name) // relative, for there may be a proxy with a prefix
                .end();
    }

    private void send(RoutingContext ctx, BundledFile file, BundledFiles.Content content) {
        if (!ctx.response().ended()) { // its time had not passed before
            if (file.isPage()) {
                ctx.response()
                        .putHeader("Content-Security-Policy", policy)
                        .putHeader("Referrer-Policy", "no-referrer")
                        .putHeader("Cross-Origin-Opener-Policy", "same-origin");
            }
            send(ctx, content, file.contentType());
        }
    }

    /** Sends a content, or 304 to those who have it. */
    static void send(RoutingContext ctx, BundledFiles.Content content, String contentType) {
        var packed = accepted(ctx, content);
        String tag = "\"" + content.tag() + (packed == null ? "\"" : "-gzip\"");
        var response = ctx.response()
                .putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache"); // asked again each time: 304 while it is the same
        if (content.packed() != null) {
            response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        if (isKnown(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatusCode(NOT_MODIFIED).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        if (packed != null) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, ContentCoding.GZIP.header());
        }
        Exchange.send(ctx, List.of(packed == null ? content.plain() : packed));
    }

    private static @Nullable ByteBuffer accepted(RoutingContext ctx, BundledFiles.Content content) {
        var coding = ContentCoding.accepted(ctx.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        return coding.filter(ContentCoding.GZIP::equals).isPresent() ? content.packed() : null;
    }

    /** Whether one of the client's tags is this one; proxies that pack answers make weak ones of them. */
    private static boolean isKnown(@Nullable String tags, String tag) {
        if (tags == null) {
            return false;
        }
        for (String known : tags.split(",", -1)) {
            String strong = known.strip().startsWith("W/") ? known.strip().substring(2) : known.strip();
            if (strong.equals(tag) || strong.equals("*")) {
                return true;
            }
        }
        return false;
    }
}
