package dev.augur.http;

import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import java.util.concurrent.Callable;

/**
 * Reads and writes JSON: small pieces on the caller's event loop, large ones on a worker. Thread-safe.
 *
 * @param eventLoopBytes the largest piece for the event loop
 */
record JsonWork(WorkerPool workers, int eventLoopBytes) {
    /**
     * Does the work; fails with what it throws, and as {@link WorkerPool#run} does.
     *
     * @param exchange completes when nobody waits for the result any more
     */
    <T> Future<T> here(long bytes, Future<Void> exchange, Callable<T> work) {
        if (bytes > eventLoopBytes) {
            return workers.run(exchange, work);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception failure) {
            return Future.failedFuture(failure);
        }
    }
}
