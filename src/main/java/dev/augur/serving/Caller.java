package dev.augur.serving;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer. Confined to one event loop.
 *
 * @param exchange completes, either way, when nobody waits any more
 * @param memory what the request takes
 * @param trace what is to be recorded of it; {@code null} if nothing is
 */
public record Caller(Future<Void> exchange, BodyMemory.Share memory, @Nullable InferenceTrace trace) {
    /** The client's trace, for the records of what the request is made of. */
    @Nullable
    String traceId() {
        return trace == null ? null : trace.traceId();
    }

    /** From here on somebody else records this request. */
    public void leaveRecord() {
        if (trace != null) {
            trace.takeRecord();
        }
    }
}
