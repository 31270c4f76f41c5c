package dev.augur.worker;

import dev.augur.load.InFlight;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time per operation of the way from an event loop to a worker and back with work that does nothing: alone (the round
 * trip), and with 64 in flight (the cost). {@code pool} is {@link WorkerPool}, {@code executor} is
 * {@code executeBlocking} of Vert.x without a queue of ours.
 *
 * <p>{@code ./run.sh bench jmh WorkerHop}. Used on one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class WorkerHopBenchmark {
    private static final int OPERATIONS = 2_000;
    private static final int WORKERS = 1;

    @Param({"1", "64"})
    private int inFlight = 1;

    private @Nullable Bench bench;

    /** Starts the event loop and the threads. */
    @Setup
    public void start() {
        bench = new Bench(Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)));
    }

    /** Ends them. */
    @TearDown
    public void stop() throws InterruptedException, ExecutionException {
        bench().vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /** Through the pool that Augur uses. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void pool() throws InterruptedException, ExecutionException {
        InFlight.drive(bench().loop, OPERATIONS, inFlight, () -> bench().pool.run(() -> true));
    }

    /** Through Vert.x alone. */
    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public void executor() throws InterruptedException, ExecutionException {
        InFlight.drive(bench().loop, OPERATIONS, inFlight, () -> bench().executor
                .executeBlocking(() -> true, /* ordered= */ false));
    }

    private Bench bench() {
        if (bench == null) {
            throw new IllegalStateException("not started");
        }
        return bench;
    }

    private static final class Bench {
        private final Vertx vertx;
        private final Context loop;
        private final WorkerPool pool;
        private final WorkerExecutor executor;

        private Bench(Vertx vertx) {
            this.vertx = vertx;
            this.loop = vertx.getOrCreateContext();
            this.pool = new WorkerPool(vertx, "pool", WORKERS, OPERATIONS);
            this.executor = vertx.createSharedWorkerExecutor("executor", WORKERS);
        }
    }
}
