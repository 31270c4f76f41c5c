package dev.augur.worker;

import io.vertx.core.Future;
import java.util.concurrent.Callable;

/**
 * Reads and writes JSON: small pieces on the caller's event loop, large ones on a worker. Thread-safe.
 *
 * @param eventLoopBytes the largest piece for the event loop
 */
public record JsonWork(WorkerPool workers, int eventLoopBytes) {
    /**
     * Does the work; fails with what it throws, and as {@link WorkerPool#run} does.
     *
     * @param gone completes when nobody waits for the result any more
     */
    public <T> Future<T> run(long bytes, Future<?> gone, Callable<T> work) {
        if (bytes > eventLoopBytes) {
            return workers.run(gone, work);
        }
        return now(work);
    }

    /**
     * Does work that is to be done even if nobody waits; fails with what it throws, and as {@link WorkerPool#run} does.
     */
    public <T> Future<T> runToTheEnd(long bytes, Callable<T> work) {
        return bytes > eventLoopBytes ? workers.run(work) : now(work);
    }

    private static <T> Future<T> now(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
