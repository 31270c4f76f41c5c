package dev.augur.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;

/** One line of the table of routes: method, path, and what handles it, in order. Thread-safe as far as the handlers are. */
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

    @Override
    public String toString() {
        return String.format("%-4s %s", method, path.replaceAll(":([a-z_]+)", "{$1}"));
    }
}
