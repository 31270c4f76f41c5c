package dev.augur.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import dev.augur.timeline.Timelines;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is kept of requests until it is told. */
class TraceBoundsTest {
    private final Timelines timelines = new Timelines();
    private final Traces traces = new Traces(List.of());

    @Test
    void keepsNothingWhereNobodyWatches() {
        var timeline = timelines.begin();
        assertThat(timeline.watched()).isFalse();
        timeline.begin(Stage.PREDICT);
        timeline.end(Stage.PREDICT);
        assertThat(timeline.micros(Stage.PREDICT)).isNotNegative();
        assertThat(timeline.thread(Stage.PREDICT)).isNull();
        assertThat(timeline.item(43)).isNull();
        timelines.watch(traces);
        timeline.over(200); // it came before
        assertThat(traces.take(now())).isEmpty();
    }

    @Test
    void tellsAllOfTheConsoleBeforeASampleOfOthers() {
        timelines.watch(traces);
        for (int i = 0; i < 2_000; i++) {
            end("shop-" + i, null);
        }
        end("console-a-0", null);
        assertThat(traces.take(now())).hasSize(Traces.MOST_OF_AN_EVENT);
        assertThat(ids(traces.take(now()))).containsExactly("console-a-0");
        for (int i = 0; i < 2_000; i++) {
            end("shop-" + i, null);
        }
        assertThat(traces.take(now())).hasSize(20);
    }

    @Test
    void keepsABoundedNumber() {
        timelines.watch(traces);
        for (int i = 0; i < 20_000; i++) {
            end("console-a-" + i, null);
        }
        int told = 0;
        for (int event = 0; event < 20; event++) {
            told += traces.take(now()).size();
        }
        assertThat(told).isEqualTo(4_000);
        end("console-b-0", null);
        assertThat(ids(traces.take(now()))).containsExactly("console-b-0");
    }

    @Test
    void waitsForARecordButNotForEver() {
        timelines.watch(traces);
        var recorded = end("console-a-0", "r0");
        end("console-a-1", "r1");
        assertThat(traces.take(now())).isEmpty();
        recorded.begin(Stage.RECORD);
        recorded.recorded();
        assertThat(ids(traces.take(now()))).containsExactly("console-a-0");
        assertThat(traces.take(now() + TimeUnit.SECONDS.toMicros(9))).isEmpty();
        assertThat(ids(traces.take(now() + TimeUnit.SECONDS.toMicros(11)))).containsExactly("console-a-1");
    }

    @Test
    void aLogThatIsAwayHoldsUpABoundedNumber() {
        timelines.watch(traces);
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            end("console-a-" + i, "r" + i);
            told += i % 100 == 0 ? traces.take(now()).size() : 0;
        }
        assertThat(told).isBetween(7_900, 8_000);
    }

    @Test
    void aClockThatGoesBackMakesNoNegativeTimes() {
        timelines.watch(traces);
        var timeline = timelines.begin();
        timeline.of(new Timeline.Subject("/x", "console-a", null), 0);
        timeline.took(Stage.PREDICT, Instant.now(), Instant.now().minusSeconds(5), "worker");
        timeline.over(200);
        var stage = traces.take(now()).get(0).getJsonArray("stages").getJsonObject(0);
        assertThat(stage.getDouble("to_ms")).isEqualTo(stage.getDouble("from_ms"));
    }

    @Test
    void showsNothingThatRecordsMustNotHold() {
        var discreet = new Traces(List.of("item_id", "client_request_id"));
        timelines.watch(discreet);
        var request = timelines.begin();
        request.of(new Timeline.Subject("/predict/wine", "shop-7", "wine"), 0);
        assertThat(request.item(4711)).isNotNull();
        request.over(200);
        assertThat(discreet.take(now()).get(0).encode()).doesNotContain("4711").doesNotContain("shop-7");
    }

    private Timeline end(String id, String recordId) {
        var timeline = timelines.begin();
        timeline.of(new Timeline.Subject("/x", id, "m"), 0);
        timeline.recordedAs(recordId);
        timeline.over(200);
        return timeline;
    }

    private static List<String> ids(List<JsonObject> told) {
        return told.stream().map(trace -> trace.getString("request_id")).toList();
    }

    private static long now() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }
}
