package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Behind the routes of a path: answers OPTIONS, and refuses every method they do not serve, naming those they do.
 * Thread-safe.
 */
final class OtherMethods implements Handler<RoutingContext> {
    private static final int NO_CONTENT = 204;

    private final String allowed;

    OtherMethods(Collection<HttpMethod> served) {
        allowed = served.stream().map(HttpMethod::name).collect(Collectors.joining(", ")) + ", OPTIONS";
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (ctx.request().method().equals(HttpMethod.OPTIONS)) {
            ctx.response()
                    .setStatusCode(NO_CONTENT)
                    .putHeader(HttpHeaders.ALLOW, allowed)
                    .end();
        } else {
            ctx.response().putHeader(HttpHeaders.ALLOW, allowed);
            throw new ServingException(ErrorCode.METHOD_NOT_ALLOWED, "Method Not Allowed");
        }
    }
}
