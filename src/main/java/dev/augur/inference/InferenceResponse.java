package dev.augur.inference;

import dev.augur.tensor.Tensor;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a model yielded, with the version that ran, and when. Thread-safe.
 *
 * @param artifactDigest of the files of that version: see {@link dev.augur.model.ArtifactDigest}; absent where it is
 *     not known
 */
public record InferenceResponse(
        @Nullable String id,
        String model,
        String version,
        @Nullable String artifactDigest,
        List<Tensor> outputs,
        @Nullable RunTimes times) {
    public InferenceResponse {
        outputs = List.copyOf(outputs);
    }

    /** Has a timeline tell when this was queued and predicted. Called on the event loop of who waits for it. */
    public void tell(Timeline timeline) {
        var run = times;
        if (run != null) {
            timeline.took(Stage.QUEUE, run.queuedAt(), run.startedAt(), /* thread= */ null);
            timeline.took(Stage.PREDICT, run.startedAt(), run.endedAt(), run.thread());
            timeline.ran(version, run.batchRows());
        }
    }
}
