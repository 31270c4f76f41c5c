package dev.augur.http;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Request bodies on their way in, each with the time at which it must have arrived whole: a client that stalls, or sends a byte a
 * second, gets {@code REQUEST_TIMEOUT}. Confined to one event loop.
 */
final class Uploads {
    private final Duration timeout;
    private final Map<RoutingContext, Long> deadlines = new LinkedHashMap<>(); // oldest first

    Uploads(Duration timeout) {
        this.timeout = timeout;
    }

    /** Reads a body of at most so many bytes; longer ones fail with status 413. */
    Handler<RoutingContext> read(int maxBytes) {
        BodyHandler body = BodyHandler.create(/* handleFileUploads= */ false).setBodyLimit(maxBytes);
        return ctx -> {
            deadlines.put(ctx, System.nanoTime() + timeout.toNanos());
            var exchange = Exchange.of(ctx);
            exchange.limitBody(maxBytes);
            exchange.over().onComplete(over -> deadlines.remove(ctx));
            body.handle(ctx);
        };
    }

    /** Comes after {@link #read}: the body is here. */
    void arrived(RoutingContext ctx) {
        deadlines.remove(ctx);
        ctx.next();
    }

    /** Fails the requests whose body is late. */
    void sweep() {
        long now = System.nanoTime();
        var late = new ArrayList<RoutingContext>();
        for (var upload : deadlines.entrySet()) {
            if (upload.getValue() - now > 0) {
                break;
            }
            late.add(upload.getKey());
        }
        late.forEach(ctx -> {
            deadlines.remove(ctx);
            ctx.fail(new ServingException(
                    ErrorCode.REQUEST_TIMEOUT, "the body did not arrive within " + timeout.toMillis() + " ms"));
        });
    }
}
