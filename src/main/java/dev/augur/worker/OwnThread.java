package dev.augur.worker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work that may never end, on a thread of its own: who asks waits for it no longer than a limit. A thread that is
 * inside native code cannot be stopped, so it is left alone then; it does not keep the process alive. Thread-safe.
 *
 * @param name of the thread
 * @param late takes what the work yields when it ends after nobody waits for it any more, on its thread; {@code null}
 *     if it failed
 */
public record OwnThread<T>(String name, Duration limit, Callable<T> work, Consumer<@Nullable T> late) {
    /**
     * Runs the work.
     *
     * @throws TimeoutException when it has not ended within the limit
     * @throws InterruptedException when the caller is to wait no longer
     * @throws ExecutionException when it failed, with the cause
     */
    public T call() throws TimeoutException, InterruptedException, ExecutionException {
        var task = new FutureTask<>(work);
        var settled = new AtomicBoolean(); // by the work that ended, or by the caller that gave it up
        var thread = new Thread(
                () -> {
                    task.run();
                    if (!settled.compareAndSet(false, true)) {
                        late.accept(outcome(task));
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | InterruptedException late) {
            if (settled.compareAndSet(false, true)) {
                throw late;
            }
            return task.get(); // it has just ended
        }
    }

    private static <T> @Nullable T outcome(FutureTask<T> ended) {
        try {
            return ended.get();
        } catch (ExecutionException | InterruptedException failure) {
            return null;
        }
    }
}
