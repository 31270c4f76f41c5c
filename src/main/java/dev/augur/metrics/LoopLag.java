package dev.augur.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** {@code augur_event_loop_lag_seconds}: how late the timers of event loops come. Thread-safe. */
final class LoopLag {
    private static final long PERIOD_MILLIS = 100;

    private final Timer timer;

    LoopLag(MeterRegistry registry) {
        timer = Timer.builder("augur.event.loop.lag")
                .description("How late the timers of the event loops come, looked at ten times a second")
                .serviceLevelObjectives(Buckets.times())
                .register(registry);
    }

    /** Watches the event loop of the verticle that calls this, for as long as it is deployed. */
    void watch(Vertx vertx) {
        var look = new Look();
        vertx.setPeriodic(PERIOD_MILLIS, tick -> look.now());
    }

    /** Confined to one event loop. */
    private final class Look {
        private long last = System.nanoTime();

        void now() {
            long now = System.nanoTime();
            timer.record(Math.max(0, now - last - TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)), TimeUnit.NANOSECONDS);
            last = now;
        }
    }
}
