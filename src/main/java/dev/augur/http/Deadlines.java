package dev.augur.http;

import dev.augur.error.ServingException;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that have the same time for the same thing, and what those get that take longer. Confined to one event loop. */
final class Deadlines {
    private final long nanos;
    private final ServingException failure;
    private final Map<RoutingContext, Long> deadlines = new LinkedHashMap<>(); // oldest first

    Deadlines(Duration time, ServingException failure) {
        this.nanos = time.toNanos();
        this.failure = failure;
    }

    void begin(RoutingContext ctx) {
        deadlines.put(ctx, System.nanoTime() + nanos);
    }

    void end(RoutingContext ctx) {
        deadlines.remove(ctx);
    }

    /** Fails every request that still waits, whatever its time. */
    void failAll(ServingException reason) {
        var waiting = List.copyOf(deadlines.keySet());
        deadlines.clear();
        waiting.forEach(ctx -> ctx.fail(reason));
    }

    /** Fails the requests whose time has passed. */
    void sweep() {
        long now = System.nanoTime();
        var late = new ArrayList<RoutingContext>();
        for (var entry : deadlines.entrySet()) {
            if (entry.getValue() - now > 0) {
                break;
            }
            late.add(entry.getKey());
        }
        late.forEach(ctx -> {
            deadlines.remove(ctx);
            ctx.fail(failure);
        });
    }
}
