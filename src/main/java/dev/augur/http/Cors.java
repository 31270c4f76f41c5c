package dev.augur.http;

import dev.augur.request.Headers;
import dev.augur.request.InferencePath;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets pages of the listed origins use this server from a browser. A request from any other origin goes on as if there
 * were no such setting: it may be one of this server's own pages, and without a permission in the answer no browser
 * shows it to any other. Thread-safe.
 */
final class Cors implements Handler<RoutingContext> {
    /** Of those that answers have, what browsers do not show by themselves. */
    private static final Set<String> EXPOSED = Set.of(
            InferencePath.JSON_LENGTH,
            Headers.REQUEST_ID,
            PeerGate.NODE,
            PredictionHandlers.MISSING,
            "Allow",
            "ETag",
            "Retry-After",
            "Server-Timing",
            "WWW-Authenticate");

    private static final int MAX_AGE_SECONDS = 600;

    private final Set<String> origins;
    private final Handler<RoutingContext> permission;

    Cors(HttpConfig.Cors config) {
        origins = config.origins();
        permission = CorsHandler.create()
                .addOrigins(List.copyOf(origins))
                .allowedHeaders(config.headers())
                .allowedMethods(
                        config.methods().stream().map(HttpMethod::valueOf).collect(Collectors.toSet()))
                .exposedHeaders(EXPOSED)
                .maxAgeSeconds(MAX_AGE_SECONDS);
    }

    @Override
    public void handle(RoutingContext ctx) {
        String origin = ctx.request().getHeader(HttpHeaders.ORIGIN);
        if (origin == null || origins.contains("*") || origins.contains(origin)) {
            permission.handle(ctx);
        } else {
            ctx.response().headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
            ctx.next();
        }
    }
}
