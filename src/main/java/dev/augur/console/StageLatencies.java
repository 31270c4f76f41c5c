package dev.augur.console;

import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/** How long the stages of the requests of one second took, and the requests themselves. Thread-safe. */
final class StageLatencies {
    private static final double HALF = 0.5;
    private static final double NINE_OF_TEN = 0.9;
    private static final double NINETY_NINE = 0.99;

    private final Latencies total = new Latencies();
    private final List<Latencies> stages =
            Stream.generate(Latencies::new).limit(Stage.ALL.size()).toList();

    /** One that is over; its record is told later. */
    void add(Timeline timeline) {
        total.add(timeline.totalMicros());
        for (Stage stage : Stage.ALL) {
            if (stage != Stage.RECORD) {
                add(stage, timeline.micros(stage));
            }
        }
    }

    /** The record of one is stored. */
    void recorded(Timeline timeline) {
        add(Stage.RECORD, timeline.micros(Stage.RECORD));
    }

    private void add(Stage stage, long micros) {
        if (micros >= 0) {
            stages.get(stage.place()).add(micros);
        }
    }

    /** Those of which there were any. */
    JsonArray json() {
        var json = new JsonArray();
        add(json, "total", total);
        Stage.ALL.forEach(stage -> add(json, stage.text(), stages.get(stage.place())));
        return json;
    }

    private static void add(JsonArray json, String stage, Latencies latencies) {
        long count = latencies.count();
        if (count > 0) {
            json.add(new JsonObject()
                    .put("stage", stage)
                    .put("count", count)
                    .put("p50_ms", latencies.percentile(HALF))
                    .put("p90_ms", latencies.percentile(NINE_OF_TEN))
                    .put("p99_ms", latencies.percentile(NINETY_NINE))
                    .put("max_ms", latencies.longest()));
        }
    }
}
