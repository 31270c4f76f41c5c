package dev.augur.model.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock that is given back however what is done under it ends. Threads that wake others do so behind it: who is woken
 * may take their core, and the lock with it.
 */
final class Guard {
    /** How often a thread looks at a lock that is held before it sleeps: it is held for a few steps. */
    private static final int LOOKS = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Runnable> afterwards = new ArrayDeque<>();

    /** What this yields with the lock held. */
    @CanIgnoreReturnValue
    <T extends @Nullable Object> T locked(Supplier<T> action) {
        enter();
        try {
            return action.get();
        } finally {
            leave();
        }
    }

    /** Does this with the lock held. */
    void run(Runnable action) {
        enter();
        try {
            action.run();
        } finally {
            leave();
        }
    }

    /** Does this as soon as the lock is free again, on the same thread. Called with the lock held. */
    void afterwards(Runnable action) {
        afterwards.add(action);
    }

    private void enter() {
        for (int look = 0; look < LOOKS; look++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private void leave() {
        if (afterwards.isEmpty() || lock.getHoldCount() > 1) {
            lock.unlock();
            return;
        }
        var actions = afterwards.toArray(new Runnable[0]);
        afterwards.clear();
        lock.unlock();
        for (Runnable action : actions) {
            action.run();
        }
    }
}
