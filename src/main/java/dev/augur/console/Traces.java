package dev.augur.console;

import dev.augur.timeline.Stage;
import dev.augur.timeline.Timeline;
import dev.augur.timeline.Timelines;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests for predictions that are over, until they are told: those that a page of the console has sent, and of
 * all others so many that they burden nobody; and how long the stages of all of them took. Thread-safe, but for one
 * thread at a time that takes.
 */
final class Traces implements Timelines.Watcher {
    /** What one event tells at most. */
    static final int MOST_OF_AN_EVENT = 500;

    private static final String OWN = "console-"; // what the ids of the console's requests begin with
    private static final int MOST_KEPT = 4_000;
    private static final int OTHERS_AT_ONCE = 500;
    private static final int OTHERS_OF_AN_EVENT = 10;
    private static final long PATIENCE_MICROS = TimeUnit.SECONDS.toMicros(10); // for a record that is on its way
    private static final double MILLI = 1_000;

    private final ConcurrentLinkedQueue<Timeline> over = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger(); // in both queues
    private final AtomicInteger others = new AtomicInteger(OTHERS_AT_ONCE); // that may still be kept
    private final ArrayDeque<Timeline> waiting = new ArrayDeque<>(); // for their records, the oldest first
    private volatile StageLatencies latencies = new StageLatencies();
    private final boolean showsItems;
    private final boolean showsIds;

    /**
     * Nothing yet.
     *
     * @param redacted what records do not hold, and traces do not either
     */
    Traces(List<String> redacted) {
        showsItems = !redacted.contains("item_id");
        showsIds = !redacted.contains("client_request_id");
    }

    @Override
    public void over(Timeline timeline) {
        latencies.add(timeline);
        if (wanted(timeline)) {
            if (kept.incrementAndGet() > MOST_KEPT) {
                kept.decrementAndGet();
            } else {
                over.add(timeline);
            }
        }
    }

    @Override
    public void recorded(Timeline timeline) {
        latencies.recorded(timeline);
    }

    /** What is known of the stages since the last call. */
    StageLatencies takeLatencies() {
        var taken = latencies;
        latencies = new StageLatencies();
        return taken;
    }

    /**
     * The next traces that can be told. One whose record is on its way waits for that, as long as there is room and
     * patience.
     *
     * @param nowMicros since 1970
     */
    List<JsonObject> take(long nowMicros) {
        others.updateAndGet(left -> Math.min(OTHERS_AT_ONCE, left + OTHERS_OF_AN_EVENT));
        var told = new ArrayList<JsonObject>();
        for (int left = waiting.size(); left > 0 && told.size() < MOST_OF_AN_EVENT; left--) {
            tellOrWait(waiting.remove(), nowMicros, told);
        }
        while (told.size() < MOST_OF_AN_EVENT) {
            var next = over.poll();
            if (next == null) {
                break;
            }
            tellOrWait(next, nowMicros, told);
        }
        return told;
    }

    private boolean wanted(Timeline timeline) {
        return isOwn(timeline) || others.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private static boolean isOwn(Timeline timeline) {
        var id = timeline.subject().requestId();
        return id != null && id.startsWith(OWN);
    }

    private void tellOrWait(Timeline timeline, long nowMicros, List<JsonObject> told) {
        long age = nowMicros - timeline.receivedMicros() - timeline.totalMicros();
        if (timeline.recordPending() && age < PATIENCE_MICROS && waiting.size() < MOST_KEPT / 2) {
            waiting.add(timeline);
        } else {
            kept.decrementAndGet();
            told.add(json(timeline));
        }
    }

    private JsonObject json(Timeline timeline) {
        var stages = new JsonArray();
        for (Stage stage : Stage.ALL) {
            long micros = timeline.micros(stage);
            if (micros >= 0) {
                long from = timeline.fromMicros(stage);
                stages.add(new JsonObject()
                        .put("stage", stage.text())
                        .put("from_ms", from / MILLI)
                        .put("to_ms", (from + micros) / MILLI)
                        .put("thread", timeline.thread(stage)));
            }
        }
        var subject = timeline.subject();
        return new JsonObject()
                .put("request_id", showsIds || isOwn(timeline) ? subject.requestId() : null)
                .put("record_id", timeline.recordId())
                .put("route", subject.route())
                .put("model", subject.model())
                .put("version", timeline.version())
                .put("item", showsItems ? timeline.item() : null)
                .put("status", timeline.status())
                .put("received_ms", timeline.receivedMicros() / MILLI)
                .put("total_ms", timeline.totalMicros() / MILLI)
                .put("batch_rows", timeline.batchRows())
                .put("stages", stages);
    }
}
