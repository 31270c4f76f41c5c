package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Refuses what a page of another server has a browser do here. Such a page cannot read the answer, but a form is sent
 * all the same, and would load and unload models on the machine of whoever looks at it. Browsers say where a request
 * comes from, in a header that no page can write; other clients have none. Thread-safe.
 */
final class CrossSite implements Handler<RoutingContext> {
    private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Set<String> origins;

    /** Beside the pages of these origins, which may. */
    CrossSite(Set<String> origins) {
        this.origins = origins;
    }

    /** Whether a page of another server has a browser ask. */
    static boolean asks(MultiMap headers) {
        String site = headers.get(HeaderNames.FETCH_SITE);
        return "cross-site".equals(site) || "same-site".equals(site);
    }

    @Override
    public void handle(RoutingContext ctx) {
        var request = ctx.request();
        if (!HARMLESS.contains(request.method()) && asks(request.headers())) {
            String origin = request.getHeader(HttpHeaders.ORIGIN);
            if (!origins.contains("*") && (origin == null || !origins.contains(origin))) {
                throw new ServingException(
                        ErrorCode.PERMISSION_DENIED,
                        "pages of " + (origin == null ? "other servers" : origin)
                                + " may not use this server: http.cors.origins does not list them");
            }
        }
        ctx.next();
    }
}
