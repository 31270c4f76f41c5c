package dev.augur.pipeline;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets the items of many-item requests go to one model a bounded number at a time, the requests by turns, so that large
 * requests share the model's queue with each other and leave room in it for others. Thread-safe.
 */
final class Turnstile {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private int places;
    private int inside;
    private int waiting;

    /** The items of one request that wait. */
    interface Line {
        /** One item may go in; called on any thread, without a lock. */
        void next();
    }

    /**
     * Whether so many more items may wait or be inside; each that may is told of by {@link #over} when it has an
     * outcome.
     */
    boolean admit(int items, int most) {
        lock.lock();
        try {
            boolean room = waiting + (long) items <= most;
            waiting += room ? items : 0;
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** So many admitted items have an outcome. */
    void over(int items) {
        lock.lock();
        try {
            waiting -= items;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a place at once, if there is one that no other line waits for. */
    boolean enter(int most) {
        lock.lock();
        try {
            places = most;
            boolean room = inside < places && lines.isEmpty();
            inside += room ? 1 : 0;
            return room;
        } finally {
            lock.unlock();
        }
    }

    /** Calls the line once a place is its own; the place is to be given back. */
    void await(Line line) {
        lock.lock();
        try {
            lines.add(line);
        } finally {
            lock.unlock();
        }
        callNext();
    }

    /** Gives a place back. */
    void leave() {
        lock.lock();
        try {
            inside--;
        } finally {
            lock.unlock();
        }
        callNext();
    }

    /** Items that have no outcome yet. */
    int items() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    private void callNext() {
        for (var line = poll(); line != null; line = poll()) {
            line.next();
        }
    }

    private @Nullable Line poll() {
        lock.lock();
        try {
            if (inside >= places || lines.isEmpty()) {
                return null;
            }
            inside++;
            return lines.remove();
        } finally {
            lock.unlock();
        }
    }
}
