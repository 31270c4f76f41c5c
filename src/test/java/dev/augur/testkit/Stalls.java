package dev.augur.testkit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Moments in which nothing ran in this process, as when the machine has other work or the heap is collected: a thread
 * that has nothing to do but sleep woke up late. Then no event loop is to blame for what it did not do. Thread-safe.
 */
final class Stalls implements AutoCloseable {
    private static final long NAP_MILLIS = 50;
    private static final long LATE_MILLIS = 400;
    private static final long NEAR_MILLIS = 2_000;

    private final Queue<Long> ends = new ConcurrentLinkedQueue<>(); // in the time of System.currentTimeMillis
    private final CountDownLatch over = new CountDownLatch(1);

    Stalls() {
        var sleeper = new Thread(this::watch, "stalls");
        sleeper.setDaemon(true);
        sleeper.start();
    }

    private void watch() {
        try {
            long before = System.nanoTime();
            while (!over.await(NAP_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                if (TimeUnit.NANOSECONDS.toMillis(now - before) - NAP_MILLIS >= LATE_MILLIS) {
                    ends.add(System.currentTimeMillis());
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether one ended near that moment. */
    boolean near(long millis) {
        return ends.stream().anyMatch(end -> Math.abs(end - millis) < NEAR_MILLIS);
    }

    @Override
    public void close() {
        over.countDown();
    }
}
