package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.error.Shown;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Refuses requests with a query parameter that its route does not know: a misspelt filter would be answered with more
 * than was asked for. Immutable, thread-safe.
 */
record KnownParameters(List<String> names) implements Handler<RoutingContext> {
    /** For a route without parameters. */
    static final KnownParameters NONE = new KnownParameters(List.of());

    private static final int SHOWN_CHARS = 100;

    KnownParameters {
        names = List.copyOf(names);
    }

    @Override
    public void handle(RoutingContext ctx) {
        for (String name : ctx.queryParams().names()) {
            if (!names.contains(name)) {
                throw new ServingException(
                        ErrorCode.INVALID_ARGUMENT,
                        "unknown parameter \"" + Shown.cut(name, SHOWN_CHARS) + "\"; "
                                + (names.isEmpty() ? "there are none here" : "known are " + String.join(", ", names)));
            }
        }
        ctx.next();
    }
}
