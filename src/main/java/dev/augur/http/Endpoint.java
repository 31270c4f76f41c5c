package dev.augur.http;

import dev.augur.access.Scope;
import dev.augur.request.HttpStatus;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One line of the table of routes. Thread-safe as far as the handlers are.
 *
 * @param handlers in order
 * @param scope what who asks must be allowed; empty for what everybody may
 * @param operation what a route of one's own says of itself to the document; empty for the server's own
 */
record Endpoint(
        HttpMethod method,
        String path,
        List<Handler<RoutingContext>> handlers,
        Optional<Scope> scope,
        JsonObject operation) {
    private static final Pattern PARAMETER = Pattern.compile(":([a-z][a-z0-9_]*)");

    Endpoint {
        handlers = List.copyOf(handlers);
    }

    /** A route to read by, where it is GET, else to predict by. */
    Endpoint(HttpMethod method, String path, List<Handler<RoutingContext>> handlers) {
        this(
                method,
                path,
                handlers,
                Optional.of(method.equals(HttpMethod.GET) ? Scope.READ : Scope.PREDICT),
                new JsonObject());
    }

    /** The same endpoint for those who are allowed that. */
    Endpoint needs(Scope needed) {
        return new Endpoint(method, path, handlers, Optional.of(needed), operation);
    }

    /** The same endpoint, which says that of itself. */
    Endpoint telling(JsonObject told) {
        return new Endpoint(method, path, handlers, scope, told);
    }

    /** The same endpoint for everybody. */
    Endpoint open() {
        return new Endpoint(method, path, handlers, Optional.empty(), operation);
    }

    /** The same endpoint with a handler in front. */
    Endpoint behind(Handler<RoutingContext> first) {
        return new Endpoint(
                method, path, Stream.concat(Stream.of(first), handlers.stream()).toList(), scope, operation);
    }

    /** The same endpoint with a handler in front of the one that answers. */
    Endpoint beforeLast(Handler<RoutingContext> inner) {
        var all = new ArrayList<>(handlers);
        all.add(all.size() - 1, inner);
        return new Endpoint(method, path, all, scope, operation);
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
        return String.format(Locale.ROOT, "%-4s %s", method, template());
    }

    /** The path with its parameters in braces. */
    String template() {
        return PARAMETER.matcher(path).replaceAll("{$1}");
    }
}
