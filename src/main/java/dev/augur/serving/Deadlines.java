package dev.augur.serving;

import dev.augur.error.ServingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Requests that have the same time for the same thing, and what those get that take longer. Confined to one event loop.
 *
 * @param <R> a request
 */
public final class Deadlines<R> {
    private final long nanos;
    private final ServingException failure;
    private final BiConsumer<R, ServingException> fail;
    private final Map<R, Long> deadlines = new LinkedHashMap<>(); // oldest first

    /**
     * Deadlines of one kind.
     *
     * @param fail tells a request that its time has passed
     */
    public Deadlines(Duration time, ServingException failure, BiConsumer<R, ServingException> fail) {
        this.fail = fail;
        this.nanos = time.toNanos();
        this.failure = failure;
    }

    /** The time of this request runs from now. */
    public void begin(R request) {
        deadlines.put(request, System.nanoTime() + nanos);
    }

    /** This request has what it waited for. */
    public void end(R request) {
        deadlines.remove(request);
    }

    /** Fails every request that still waits, whatever its time. */
    public void failAll(ServingException reason) {
        var waiting = List.copyOf(deadlines.keySet());
        deadlines.clear();
        waiting.forEach(request -> fail.accept(request, reason));
    }

    /** Fails the requests whose time has passed. */
    public void sweep() {
        long now = System.nanoTime();
        var late = new ArrayList<R>();
        for (var entry : deadlines.entrySet()) {
            if (entry.getValue() - now > 0) {
                break;
            }
            late.add(entry.getKey());
        }
        late.forEach(request -> {
            deadlines.remove(request);
            fail.accept(request, failure);
        });
    }
}
