package dev.augur.request;

import dev.augur.predictionlog.Origin;
import dev.augur.predictionlog.recording.InferenceTrace;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer. Confined to one event loop.
 *
 * @param gone completes when nobody waits any more: succeeds with the status of the answer when that has been sent,
 *     fails when the client left before
 * @param memory what the request takes
 * @param answer what its answer takes
 * @param trace what is to be recorded of it; {@code null} if nothing is
 */
public record Caller(
        Future<Integer> gone, BodyMemory.Share memory, BodyMemory.Share answer, @Nullable InferenceTrace trace) {
    /** What the client tells of its request, for the records of what that is made of. */
    public Origin origin() {
        return trace == null ? Origin.UNKNOWN : trace.origin();
    }

    /** The request has this id in its body; {@code null} if it has none. */
    public void named(@Nullable String id) {
        if (trace != null) {
            trace.origin(trace.origin().named(id));
        }
    }

    /** From here on somebody else records this request. */
    public void leaveRecord() {
        if (trace != null) {
            trace.takeRecord();
        }
    }
}
