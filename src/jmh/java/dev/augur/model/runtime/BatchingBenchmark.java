package dev.augur.model.runtime;

import dev.augur.inference.Priority;
import dev.augur.load.InFlight;
import dev.augur.model.Model;
import dev.augur.model.ModelMetadata;
import dev.augur.model.Run;
import dev.augur.model.TensorMetadata;
import dev.augur.model.VersionPolicy;
import dev.augur.predictionlog.Delivery;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Time per request through a model's queue, a turn of its one worker, the batch and back, with a model that yields its
 * input: alone (the round trip), and with 64 in flight, where batches form. One row of four numbers a request.
 *
 * <p>{@code ./run.sh bench jmh Batching}. Used on one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BatchingBenchmark {
    private static final int REQUESTS = 2_000;
    private static final int LARGEST_BATCH = 32;
    private static final int NUMBERS = 4;

    @Param({"1", "64"})
    private int inFlight = 1;

    private @Nullable Bench bench;

    /** Starts the event loop and the worker. */
    @Setup
    public void start() {
        bench = new Bench(Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)));
    }

    /** Ends them. */
    @TearDown
    public void stop() throws InterruptedException, ExecutionException {
        bench().vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    /** Requests as an HTTP handler makes them. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public void request() throws InterruptedException, ExecutionException {
        InFlight.drive(bench().loop, REQUESTS, inFlight, bench()::request);
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
        private final ModelRunner runner;
        private final List<Tensor> row = List.of(
                new Tensor("x", DataType.FP32, Shape.of(1, NUMBERS), ByteBuffer.allocate(NUMBERS * Float.BYTES)));

        private Bench(Vertx vertx) {
            this.vertx = vertx;
            this.loop = vertx.getOrCreateContext();
            var config = new ModelConfig(
                    VersionPolicy.LATEST,
                    new ModelConfig.Workers(1, Optional.empty()),
                    new ModelConfig.Admission(REQUESTS, REQUESTS, Duration.ZERO),
                    new ModelConfig.Batching(LARGEST_BATCH, Duration.ZERO),
                    /* warmUpRuns= */ 0,
                    ModelConfig.Limits.DEFAULT,
                    Delivery.OFF);
            var pool = new WorkerPool(vertx, "echo", 1, 1);
            this.runner = new ModelRunner(
                    vertx,
                    new LoadedModel(new Echo(), "digest", BatchDecision.INDEPENDENT),
                    config,
                    new ModelWorkers(pool, Optional.empty(), 1));
        }

        private Future<?> request() {
            var over = Promise.<Void>promise();
            var inference = new Inference(Inference.Checked.of(row, List.of("y")), Priority.DEFAULT, loop);
            return runner.run(inference, null, over.future()).onComplete(result -> over.complete());
        }
    }

    /** Yields its input under another name. Thread-safe. */
    private static final class Echo implements Model {
        private static final Shape ROWS = Shape.of(Shape.VARIABLE, NUMBERS);

        @Override
        public ModelMetadata metadata() {
            return new ModelMetadata(
                    "echo",
                    "1",
                    "benchmark",
                    List.of(new TensorMetadata("x", DataType.FP32, ROWS)),
                    List.of(new TensorMetadata("y", DataType.FP32, ROWS)),
                    Map.of());
        }

        @Override
        public List<Tensor> predict(List<Tensor> inputs, List<String> outputs, Run run) {
            var x = inputs.get(0);
            return List.of(new Tensor("y", x.datatype(), x.shape(), x.data()));
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
