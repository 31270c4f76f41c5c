package dev.augur.request;

import dev.augur.predictionlog.Origin;
import dev.augur.predictionlog.recording.InferenceTrace;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer. Confined to one event loop.
 *
 * @param gone completes when nobody waits any more: succeeds with the status of the answer when that has been sent,
 *     fails when the client left before
 * @param memory what the request takes
 * @param answer what its answer takes
 * @param trace what is to be recorded of it; {@code null} if nothing is
 * @param timeline when its stages begin and end; {@code null} where nobody is told
 */
public record Caller(
        Future<Integer> gone,
        BodyMemory.Share memory,
        BodyMemory.Share answer,
        @Nullable InferenceTrace trace,
        @Nullable Timeline timeline) {
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
        if (timeline != null) {
            timeline.recordedAs(null);
        }
    }

    /** Does the work of that stage, on any thread. */
    public <T> T timed(Stage stage, Supplier<T> work) {
        if (timeline == null) {
            return work.get();
        }
        timeline.begin(stage);
        T done = work.get();
        timeline.end(stage);
        return done;
    }
}
