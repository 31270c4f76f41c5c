package dev.augur.feature;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when the test says so. Thread-safe. */
final class ManualTiming implements Timing {
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::at));
    private long nanos;

    private record Timer(long at, Runnable task) {}

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return HeldStore.ASKED_AT.plusNanos(nanos());
    }

    @Override
    public synchronized void after(Duration delay, Runnable task) {
        timers.add(new Timer(nanos + delay.toNanos(), task));
    }

    synchronized int timers() {
        return timers.size();
    }

    /** Lets time pass, timer by timer. */
    void pass(Duration time) {
        long end = nanos() + time.toNanos();
        for (var timer = due(end); timer != null; timer = due(end)) {
            timer.task().run();
        }
        synchronized (this) {
            nanos = end;
        }
    }

    private synchronized Timer due(long end) {
        if (timers.isEmpty() || timers.peek().at() > end) {
            return null;
        }
        var timer = timers.remove();
        nanos = Math.max(nanos, timer.at());
        return timer;
    }
}
