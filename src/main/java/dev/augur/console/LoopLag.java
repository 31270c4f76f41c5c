package dev.augur.console;

import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long a task waits for its event loop: one is put into each loop now and then, and tells when it runs.
 * Thread-safe.
 */
final class LoopLag {
    private static final double MILLI = 1e6;

    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final LongAdder answers = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final AtomicLong longest = new AtomicLong();

    private record Loop(Context context, AtomicLong askedAt) {}

    /** Measures this one, too. */
    void add(Context context) {
        loops.add(new Loop(context, new AtomicLong()));
    }

    /** Asks each loop that has answered; of one that has not it is known how long that takes by now. One caller. */
    void ask() {
        for (Loop loop : loops) {
            long now = System.nanoTime() | 1; // 0 is: has answered
            long asked = loop.askedAt().get();
            if (asked == 0) {
                loop.askedAt().set(now);
                loop.context().runOnContext(turn -> {
                    note(System.nanoTime() - loop.askedAt().getAndSet(0));
                    answers.increment();
                });
            } else {
                longest.accumulateAndGet(now - asked, Math::max);
            }
        }
    }

    /** What was measured since the last call. */
    JsonObject take() {
        long count = answers.sumThenReset();
        long all = waited.sumThenReset();
        return new JsonObject()
                .put("lag_ms", count == 0 ? 0 : all / MILLI / count)
                .put("lag_max_ms", longest.getAndSet(0) / MILLI);
    }

    private void note(long nanos) {
        waited.add(nanos);
        longest.accumulateAndGet(nanos, Math::max);
    }
}
