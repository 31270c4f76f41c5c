package dev.augur.model.runtime;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lock that is given back however what is done under it ends. */
final class Guard {
    private final ReentrantLock lock = new ReentrantLock();

    /** What this yields with the lock held. */
    @CanIgnoreReturnValue
    <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Does this with the lock held. */
    void run(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
