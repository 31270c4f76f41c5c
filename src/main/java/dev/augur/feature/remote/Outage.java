package dev.augur.feature.remote;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator when a store begins to fail, with the cause, and when it answers again; a store that does both by
 * turns is told of every ten seconds. Thread-safe.
 */
public final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final String store;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    public Outage(String store) {
        this.store = store;
    }

    /** A fetch failed. */
    public void failed(Throwable cause) {
        long last = toldAt.get();
        long now = System.nanoTime();
        if (!told.get() && now - last >= PAUSE_NANOS && toldAt.compareAndSet(last, now)) {
            told.set(true);
            LOG.warn("feature store \"{}\" fails: {}", store, cause.toString());
        }
    }

    /** A fetch was answered. */
    public void answered() {
        if (told.get() && told.getAndSet(false)) {
            LOG.info("feature store \"{}\" answers again", store);
        }
    }
}
