package dev.augur.model.runtime;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The loads and unloads of models: those of one model one after another, those of different models side by side.
 * Thread-safe; never blocks the caller.
 */
final class ModelLoads {
    private static final int MOST_WAITING = 100;
    private static final int SPARE = 2; // what is asked for while the start's loads do not come back

    private final Vertx vertx;
    private final Context home; // its thread guards the fields below
    private final int lanes = Runtime.getRuntime().availableProcessors();
    private final WorkerPool pool;
    private final Map<String, Future<?>> last = new HashMap<>();
    private int waiting;

    /** Created in the verticle whose threads these are. */
    ModelLoads(Vertx vertx) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.pool = new WorkerPool(vertx, "augur-model-keeper", lanes + SPARE, 2 * MOST_WAITING);
    }

    /**
     * Work on a model, after what was asked of that model before. Fails with {@code OVERLOADED} when too much waits.
     * Either way the future completes on the caller's context.
     */
    Future<Void> run(String model, WorkerPool.Step work) {
        return run(model, work, MOST_WAITING);
    }

    private Future<Void> run(String model, WorkerPool.Step work, int most) {
        var caller = vertx.getOrCreateContext();
        Promise<Void> result = Promise.promise(); // for the hop from the verticle's context to the caller's
        home.runOnContext(v -> {
            Future<Void> done = waiting < most ? chain(model, work) : Future.failedFuture(overloaded());
            done.onComplete(over -> caller.runOnContext(w -> done.onComplete(result)));
        });
        return result.future();
    }

    private ServingException overloaded() {
        return new ServingException(ErrorCode.OVERLOADED, waiting + " models wait to be loaded already");
    }

    /** Work on no model in particular. */
    <T> Future<T> run(Callable<T> work) {
        return pool.run(work);
    }

    /** Work on each of these models, as many at once as there are cores, however much waits. */
    Future<Void> all(Collection<String> models, Function<String, WorkerPool.Step> work) {
        var left = new ConcurrentLinkedQueue<>(models);
        return Future.join(IntStream.range(0, lanes)
                        .mapToObj(lane -> next(left, work))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> next(Queue<String> left, Function<String, WorkerPool.Step> work) {
        var model = left.poll();
        return model == null
                ? Future.succeededFuture()
                : run(model, work.apply(model), Integer.MAX_VALUE).transform(done -> next(left, work));
    }

    private Future<Void> chain(String model, WorkerPool.Step work) {
        waiting++;
        Future<?> before = last.getOrDefault(model, Future.succeededFuture());
        Future<Void> mine = before.transform(done -> pool.perform(work));
        last.put(model, mine);
        return mine.onComplete(done -> {
            waiting--;
            last.remove(model, mine);
        });
    }
}
