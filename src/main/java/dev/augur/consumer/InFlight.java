package dev.augur.consumer;

import java.util.concurrent.atomic.AtomicInteger;

/** The requests of the event bus that this node works on, all event loops together. Thread-safe. */
public final class InFlight {
    private final int limit;
    private final AtomicInteger count = new AtomicInteger();

    public InFlight(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** Whether there was room; whoever got in {@link #leave leaves}. */
    boolean enter() {
        if (count.incrementAndGet() <= limit) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }

    void leave() {
        count.decrementAndGet();
    }

    /** Requests without an answer yet. */
    public int count() {
        return count.get();
    }
}
