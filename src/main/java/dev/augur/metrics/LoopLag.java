package dev.augur.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * {@code augur_event_loop_lag_seconds}: how late the timers of event loops come, looked at often where there are
 * requests that could wait for it. Thread-safe.
 */
final class LoopLag {
    private static final long USED_MILLIS = 100;
    private static final long IDLE_MILLIS = 1_000;

    private final Timer timer;

    LoopLag(MeterRegistry registry) {
        timer = Timer.builder("augur.event.loop.lag")
                .description("How late the timers of the event loops come, looked at ten times a second"
                        + " while requests come, else once")
                .serviceLevelObjectives(Buckets.times())
                .register(registry);
    }

    /**
     * Watches the event loop of the verticle that calls this, for as long as it is deployed.
     *
     * @param used whether there were requests since it was asked last
     */
    void watch(Vertx vertx, BooleanSupplier used) {
        new Look(vertx, used).next();
    }

    /** Confined to one event loop. */
    private final class Look {
        private final Vertx vertx;
        private final BooleanSupplier used;

        private Look(Vertx vertx, BooleanSupplier used) {
            this.vertx = vertx;
            this.used = used;
        }

        private void next() {
            long millis = used.getAsBoolean() ? USED_MILLIS : IDLE_MILLIS;
            long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            vertx.setTimer(millis, over -> {
                timer.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
                next();
            });
        }
    }
}
