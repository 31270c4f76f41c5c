package dev.augur.model.runtime;

import dev.augur.model.ModelLoadException;
import dev.augur.worker.OwnThread;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs code of models that may never come back, and knows where it has not yet. Thread-safe; blocks. */
final class Attempts {
    private final Set<String> out = ConcurrentHashMap.newKeySet();

    /**
     * What may hang.
     *
     * @param version the one it is for, of which one is made at a time
     * @param late takes what the work yields when it ends after its limit, {@code null} if it failed
     */
    record Attempt<T>(String version, Duration limit, Callable<T> work, Consumer<@Nullable T> late) {}

    /** Whether an attempt for that version was given up and has not come back. */
    boolean isOut(String version) {
        return out.contains(version);
    }

    /**
     * Waits for it no longer than its limit; then its thread is left alone.
     *
     * @throws ModelLoadException when it has not ended, or fails with one; what else the work throws is thrown on
     */
    <T> T run(Attempt<T> attempt, String what) throws ModelLoadException, IOException {
        out.add(attempt.version());
        boolean left = false;
        try {
            return thread(attempt, what).call();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            left = true;
            throw new ModelLoadException("the server stops");
        } catch (TimeoutException e) {
            left = true;
            throw new ModelLoadException("its " + what + " did not end within "
                    + attempt.limit().toMillis() + " ms (models." + what + "-timeout), and holds a thread");
        } finally {
            if (!left) {
                out.remove(attempt.version());
            }
        }
    }

    private <T> OwnThread<T> thread(Attempt<T> attempt, String what) {
        return new OwnThread<>("augur-" + what + "-" + attempt.version(), attempt.limit(), attempt.work(), late -> {
            out.remove(attempt.version());
            attempt.late().accept(late);
        });
    }

    private static ModelLoadException rethrown(@Nullable Throwable failure) throws ModelLoadException, IOException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof ModelLoadException known
                ? known
                : new ModelLoadException("it cannot be loaded: " + failure);
    }
}
