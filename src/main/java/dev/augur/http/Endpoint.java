package dev.augur.http;

import dev.augur.request.HttpStatus;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One line of the table of routes: method, path, and what handles it, in order. Thread-safe as far as the handlers are.
 */
record Endpoint(HttpMethod method, String path, List<Handler<RoutingContext>> handlers) {
    Endpoint {
        handlers = List.copyOf(handlers);
    }

    /** The same endpoint with a handler in front. */
    Endpoint behind(Handler<RoutingContext> first) {
        return new Endpoint(
                method, path, Stream.concat(Stream.of(first), handlers.stream()).toList());
    }

    static Endpoint get(String path, Handler<RoutingContext> handler) {
        return new Endpoint(HttpMethod.GET, path, List.of(handler));
    }

    /** What the route serves: its method, and HEAD where that is GET. */
    List<HttpMethod> methods() {
        return method.equals(HttpMethod.GET) ? List.of(HttpMethod.GET, HttpMethod.HEAD) : List.of(method);
    }

    /** How its requests may end; a route without a body and parameters has little to refuse. */
    Set<Integer> statuses() {
        if (!method.equals(HttpMethod.GET)) {
            return HttpStatus.all();
        }
        if (handlers.stream().anyMatch(FileHandler.class::isInstance)) {
            return path.endsWith("*") ? Set.of(200, 304, 400, 404, 429, 503) : Set.of(200, 304, 400, 429, 503);
        }
        return path.contains(":") ? Set.of(200, 400, 404, 429, 500, 503) : Set.of(200, 400, 429, 500, 503);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%-4s %s", method, path.replaceAll(":([a-z_]+)", "{$1}"));
    }
}
