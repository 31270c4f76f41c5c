package dev.augur.time;

import java.time.Duration;
import java.util.function.Supplier;

/** How much of the time to stop is left. A step that ends early leaves its time to the next ones. Thread-safe. */
public final class StopClock {
    private final Duration timeout;
    private volatile long endNanos;

    /** A clock that runs from now. */
    public StopClock(Duration timeout) {
        this.timeout = timeout;
        start();
    }

    /** The time runs from now. */
    public void start() {
        endNanos = System.nanoTime() + timeout.toNanos();
    }

    /** What is left when asked, less a share of the whole that is kept for later steps. */
    public Supplier<Duration> leftButFor(int percent) {
        return () -> {
            long kept = timeout.toNanos() * percent / 100;
            return Duration.ofNanos(Math.max(0, endNanos - kept - System.nanoTime()));
        };
    }
}
