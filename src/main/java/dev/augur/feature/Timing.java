package dev.augur.feature;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/** What time it is, and what is to happen later. Thread-safe. */
interface Timing {
    /** A clock that only goes forward. */
    long nanos();

    /** The clock on the wall, for ages. */
    Instant now();

    /** Runs something once, after at least that time, on any thread. */
    void after(Duration delay, Runnable task);

    /** The real one. Its timers run on a context of its own, so that they outlive the verticle that asks. */
    static Timing of(Vertx vertx) {
        return new VertxTiming(vertx, vertx.getOrCreateContext());
    }

    /** Timers of an event loop, which count in milliseconds. */
    record VertxTiming(Vertx vertx, Context context) implements Timing {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void after(Duration delay, Runnable task) {
            long millis = delay.plusNanos(999_999).toMillis();
            context.runOnContext(v -> vertx.setTimer(Math.max(1, millis), id -> task.run()));
        }
    }
}
