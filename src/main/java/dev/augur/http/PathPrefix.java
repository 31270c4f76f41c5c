package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * The path below which everything is. It is taken off first, so that routes, records and meters have the paths they
 * have without it. Thread-safe.
 */
final class PathPrefix implements Handler<RoutingContext> {
    private static final String WITHIN = PathPrefix.class.getName();
    private static final int MOVED = 308;

    private final String path;

    PathPrefix(String path) {
        this.path = path;
    }

    /** Takes it off. */
    @Override
    public void handle(RoutingContext ctx) {
        String asked = ctx.request().path();
        if (asked == null || ctx.get(WITHIN) != null || !asked.startsWith(path + "/")) {
            ctx.next();
            return;
        }
        ctx.put(WITHIN, Boolean.TRUE);
        String query = ctx.request().query();
        ctx.reroute(ctx.request().method(), asked.substring(path.length()) + (query == null ? "" : "?" + query));
    }

    /** Refuses what is not below it; a page at its very beginning needs a slash, as its files are beside it. */
    void require(RoutingContext ctx) {
        var request = ctx.request();
        if (ctx.get(WITHIN) != null) {
            ctx.next();
        } else if (path.equals(request.path()) && !request.method().equals(HttpMethod.POST)) {
            ctx.response()
                    .setStatusCode(MOVED)
                    .putHeader(HttpHeaders.LOCATION, path.substring(path.lastIndexOf('/') + 1) + "/")
                    .end();
        } else {
            throw new ServingException(ErrorCode.NOT_FOUND, "Not Found");
        }
    }
}
