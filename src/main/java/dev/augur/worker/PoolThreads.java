package dev.augur.worker;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The threads of a pool, and those that they replaced, until nothing runs on them any more. Thread-safe. */
final class PoolThreads {
    private final Vertx vertx;
    private final String name;
    private final int workers;
    private final List<Threads> opened = new ArrayList<>(); // the last ones are used; guarded by this

    /** Opens them. Created in the verticle that they belong to. */
    PoolThreads(Vertx vertx, String name, int workers) {
        this.vertx = vertx;
        this.name = name;
        this.workers = workers;
        replace();
    }

    /** Some threads, and how much was given to them and has not come back. */
    static final class Threads {
        final WorkerExecutor executor;
        int runs;

        Threads(WorkerExecutor executor) {
            this.executor = executor;
        }
    }

    /** Opens new ones in place of these. Called on the verticle's context. */
    void replace() {
        // Vert.x gives executors of one name the same threads. How long work takes is not its checker's affair: it is
        // limited by who asks.
        add(new Threads(vertx.createSharedWorkerExecutor(
                name + "-" + UUID.randomUUID().toString().substring(0, 4), workers, Long.MAX_VALUE)));
        closeReplaced();
    }

    void close() {
        all().forEach(each -> each.executor.close());
    }

    void giveBack(Threads used) {
        if (isLastOut(used)) {
            closeReplaced();
        }
    }

    private void closeReplaced() {
        takeIdle().forEach(each -> each.executor.close());
    }

    private synchronized void add(Threads threads) {
        opened.add(threads);
    }

    synchronized Threads take() {
        var last = opened.get(opened.size() - 1);
        last.runs++;
        return last;
    }

    private synchronized boolean isLastOut(Threads used) {
        used.runs--;
        return used.runs == 0 && used != opened.get(opened.size() - 1);
    }

    private synchronized List<Threads> takeIdle() {
        var replaced = opened.subList(0, opened.size() - 1);
        var idle = replaced.stream().filter(each -> each.runs == 0).toList();
        replaced.removeAll(idle);
        return idle;
    }

    private synchronized List<Threads> all() {
        return List.copyOf(opened);
    }
}
