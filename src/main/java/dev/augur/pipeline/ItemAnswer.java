package dev.augur.pipeline;

import dev.augur.feature.FeatureRow;
import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one entity. Thread-safe.
 *
 * @param fields of the answer, in order: plain Java values and lists of them
 * @param version of the model that ran
 * @param features what the inputs were made of
 * @param recordId of its record in the prediction log; {@code null} where there is none
 */
public record ItemAnswer(
        Object itemId,
        Map<String, Object> fields,
        String model,
        String version,
        FeatureRow features,
        @Nullable String recordId,
        Stages stages) {
    public ItemAnswer {
        fields = new LinkedHashMap<>(fields);
    }

    /** How long each stage took. */
    public record Stages(Duration fetch, Duration queue, Duration predict, Duration record) {
        /** Has the timeline of the request tell them, where no item took longer. */
        public void tell(Timeline timeline) {
            timeline.longest(Stage.FETCH, fetch);
            timeline.longest(Stage.QUEUE, queue);
            timeline.longest(Stage.PREDICT, predict);
            if (!record.isZero()) {
                timeline.longest(Stage.RECORD, record);
            }
        }
    }
}
