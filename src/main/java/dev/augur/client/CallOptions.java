package dev.augur.client;

import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one call. Immutable, thread-safe.
 *
 * @param timeout how long the caller waits: then the call fails with 504, and the server gives the request up
 * @param requestId what the caller calls the request; stands in its record
 * @param traceparent the trace it belongs to (W3C Trace Context)
 * @param principal who asks, for the record. Over the event bus a program is believed; over HTTP this goes nowhere:
 *     there the key, token or certificate says who asks
 * @param again when to ask a second time over the event bus; {@code null} for never
 * @param cancelled completes when the caller does not wait any more: then the call fails with 499; {@code null} for one
 *     that waits
 */
public record CallOptions(
        Duration timeout,
        @Nullable String requestId,
        @Nullable String traceparent,
        @Nullable String principal,
        @Nullable Duration again,
        @Nullable Future<?> cancelled) {
    /** Waits 30 seconds, and tells nothing of the request. */
    public static final CallOptions DEFAULT = within(Duration.ofSeconds(30));

    public CallOptions {
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be 1 ms or more, found " + timeout);
        }
        if (again != null && again.toMillis() < 1) {
            throw new IllegalArgumentException("the time to ask again must be 1 ms or more, found " + again);
        }
    }

    /** Waits so long. */
    public static CallOptions within(Duration timeout) {
        return new CallOptions(timeout, null, null, null, null, null);
    }

    /** The same, of a request that has this name. */
    public CallOptions named(String id) {
        return new CallOptions(timeout, id, traceparent, principal, again, cancelled);
    }

    /** The same, in this trace. */
    public CallOptions tracedBy(String parent) {
        return new CallOptions(timeout, requestId, parent, principal, again, cancelled);
    }

    /** The same, asked for by somebody: stands in the record of a request over the event bus, and there alone. */
    public CallOptions as(String who) {
        return new CallOptions(timeout, requestId, traceparent, who, again, cancelled);
    }

    /**
     * The same, asked of another node over the event bus if there is no answer after that time: the first answer
     * counts. Both may be computed, and each has its record. Without it another node of a cluster is asked where the
     * first is lost, which is noticed when that has said nothing for {@code cluster.silence}, or refuses with 503. Over
     * HTTP this changes nothing: a connection that breaks is heard.
     */
    public CallOptions againAfter(Duration pause) {
        return new CallOptions(timeout, requestId, traceparent, principal, pause, cancelled);
    }

    /**
     * The same, until that completes. One that completes long after its calls keeps a few bytes of each of them: give
     * each call its own.
     */
    public CallOptions until(Future<?> gone) {
        return new CallOptions(timeout, requestId, traceparent, principal, again, gone);
    }
}
