package dev.augur.model.runtime;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.inference.InferenceRequest;
import dev.augur.inference.Priority;
import dev.augur.model.VersionPolicy;
import dev.augur.predictionlog.Delivery;
import dev.augur.tensor.DataType;
import dev.augur.tensor.Shape;
import dev.augur.tensor.Tensor;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queue, batches, deadlines and leaving, with a model that runs only when it is let. */
@ExtendWith(VertxExtension.class)
class ModelRunnerTest {
    private static final Future<Void> STAYS = Promise.<Void>promise().future();

    private Vertx vertx;
    private final GatedModel model = new GatedModel();
    private final LoadedModel loaded = new LoadedModel(model, "digest", BatchDecision.INDEPENDENT);

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() {
        model.gate.release(1_000_000);
    }

    @Test
    void aRequestGoesAtOnceWhileAWorkerIsFree() throws Exception {
        var runner = runner(1, 10, 8);
        model.gate.release();
        assertThat(floats(await(ask(runner, 3f)))).containsExactly(6f);
        assertThat(model.batches).containsExactly(1L);
    }

    @Test
    void whatGathersWhileAllAreBusyGoesAsOneBatch() throws Exception {
        var runner = runner(1, 10, 8);
        var first = ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        var gathered = List.of(ask(runner, 2f), ask(runner, 3f, 4f), ask(runner, 5f));

        model.gate.release(2);

        await(first);
        assertThat(floats(await(gathered.get(0)))).containsExactly(4f);
        assertThat(floats(await(gathered.get(1)))).containsExactly(6f, 8f);
        assertThat(floats(await(gathered.get(2)))).containsExactly(10f);
        assertThat(model.batches).containsExactly(1L, 4L);
        var counts = runner.statistics().snapshot();
        assertThat(counts.rows()).isEqualTo(5);
        assertThat(counts.executions()).isEqualTo(2);
        assertThat(counts.stages().success().count()).isEqualTo(4);
        assertThat(counts.batches()).containsOnlyKeys(1L, 4L);
    }

    @Test
    void aBatchHoldsRowsNotRequestsAndALargeRequestGoesAlone() throws Exception {
        var runner = runner(1, 20, 4);
        ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        var waiting = List.of(
                ask(runner, 1f, 2f, 3f), ask(runner, 4f, 5f), ask(runner, 6f), ask(runner, 1f, 2f, 3f, 4f, 5f, 6f));
        model.gate.release(10);
        await(Future.all(waiting));
        assertThat(model.batches).containsExactly(1L, 4L, 2L, 6L);
    }

    @Test
    void oneBadRequestDoesNotFailTheOthersOfItsBatch() throws Exception {
        var runner = runner(1, 10, 8);
        ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        var good = ask(runner, 2f);
        var bad = ask(runner, GatedModel.BAD);
        var alsoGood = ask(runner, 3f);
        model.gate.release(10);
        assertThat(floats(await(good))).containsExactly(4f);
        assertThat(floats(await(alsoGood))).containsExactly(6f);
        assertThatThrownBy(() -> await(bad)).hasRootCauseMessage("bad row");
        assertThat(runner.statistics().snapshot().stages().fail().count()).isEqualTo(1);
    }

    @Test
    void refusesWhenTheQueueIsFull() throws Exception {
        var runner = runner(1, 2, 8);
        ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        ask(runner, 1f);
        ask(runner, 1f);
        assertThat(code(ask(runner, 1f))).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(runner.statistics().snapshot().refused()).isEqualTo(1);
    }

    @Test
    void aClientThatLeavesTakesItsRequestOutOfTheQueue() throws Exception {
        var runner = runner(1, 10, 8);
        ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        Promise<Void> exchange = Promise.promise();
        var left = runner.run(inference(2f), null, exchange.future());
        assertThat(runner.waiting()).isEqualTo(1);
        exchange.fail("left");
        assertThat(runner.waiting()).isZero();
        eventually(left::isComplete);
        assertThat(code(left)).isEqualTo(ErrorCode.CANCELLED);
        model.gate.release(10);
        await(runner.retire());
        assertThat(model.batches).containsExactly(1L);
    }

    @Test
    void aDeadlineIsKeptWhileTheWorkerIsBusy() throws Exception {
        var runner = runner(1, 10, 8);
        var running = runner.run(inference(1f), Duration.ofMillis(50), STAYS);
        eventually(() -> model.inside.get() == 1);
        var waiting = runner.run(inference(1f), Duration.ofMillis(50), STAYS);
        for (var late : List.of(running, waiting)) {
            eventually(late::isComplete);
            assertThat(code(late)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        }
        assertThat(model.inside).hasValue(1);
        assertThat(runner.waiting()).isZero();
        assertThat(runner.retire().isComplete()).as("a worker is still inside").isFalse();
        model.gate.release();
        await(runner.retire());
    }

    @Test
    void aRunIsStoppedOnceNobodyWaitsForAnyOfIt() throws Exception {
        var runner = runner(1, 10, 8);
        ask(runner, 1f);
        eventually(() -> model.inside.get() == 1);
        Promise<Void> first = Promise.promise();
        Promise<Void> second = Promise.promise();
        runner.run(inference(2f), null, first.future());
        runner.run(inference(3f), null, second.future());
        model.gate.release();
        eventually(() -> model.inside.get() == 1 && model.batches.size() == 1);
        first.fail("left");
        assertThat(model.stops).hasValue(0);
        second.fail("left");
        assertThat(model.stops).hasValue(1);
        model.gate.release();
        await(runner.retire());
    }

    @Test
    void retiresWhenTheLastRequestIsOut() throws Exception {
        var runner = runner(1, 10, 8);
        var answers = List.of(ask(runner, 1f), ask(runner, 2f));
        var retired = runner.retire();
        assertThat(code(ask(runner, 3f))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(retired.isComplete()).isFalse();
        model.gate.release(5);
        await(Future.all(answers));
        await(retired);
        assertThat(model.inside).hasValue(0);
    }

    @Test
    void aPredictorWhoseModelIsRetiredAndNotReplacedSaysSo() throws Exception {
        var models = new ModelRegistry();
        var runner = runner(1, 10, 8);
        assertThat(models.add(runner)).isEmpty();
        runner.retire();
        var request =
                new InferenceRequest(null, "gated", null, inference(1f).inputs(), List.of(), null, Priority.DEFAULT);
        assertThat(code(new WorkerPredictor(vertx, models).predict(request, STAYS)))
                .isEqualTo(ErrorCode.NOT_READY);
    }

    @Test
    void theMoreUrgentGoesFirst() throws Exception {
        var runner = runner(1, 10, 1);
        ask(runner, 0f);
        eventually(() -> model.inside.get() == 1);
        var order = new CopyOnWriteArrayList<Integer>();
        for (int level : List.of(5, 9, 1, 5)) {
            runner.run(inference(new Priority(level), level), null, STAYS).onSuccess(done -> order.add(level));
        }
        model.gate.release(10);
        eventually(() -> order.size() == 4);
        assertThat(order).containsExactly(1, 5, 5, 9);
    }

    @Test
    void withADelayRequestsWaitForOthersUntilTheBatchIsFullOrTheTimeIsOver() throws Exception {
        var runner = runner(1, 10, new ModelConfig.Batching(3, Duration.ofMillis(300)));
        model.gate.release(10);
        var three = List.of(ask(runner, 1f), ask(runner, 2f), ask(runner, 3f));
        await(Future.all(three));
        var two = List.of(ask(runner, 4f), ask(runner, 5f));
        await(Future.all(two));
        assertThat(model.batches).containsExactly(3L, 2L);
        assertThat(runner.statistics().snapshot().closed())
                .containsExactly(entry(BatchClosed.FULL, 1L), entry(BatchClosed.QUEUE_EMPTY, 1L));
        await(runner.retire());
    }

    @Test
    void theModelsOwnDeadlineHoldsForThoseWhoNameNone() throws Exception {
        var config = config(10, new ModelConfig.Batching(8, Duration.ZERO), Duration.ofMillis(50));
        var runner = new ModelRunner(vertx, loaded, config, workers(1));
        var late = ask(runner, 1f);
        eventually(late::isComplete);
        assertThat(code(late)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(runner.statistics().snapshot().cancelled()).isEqualTo(1);
    }

    @Test
    void everyCallerGetsItsOwnRows() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var runner = runner(3, 100_000, 16);
        model.gate.release(1_000_000);
        var threads = new ArrayList<Thread>();
        var wrong = new AtomicBoolean();
        var settled = new AtomicInteger();
        for (int t = 0; t < 4; t++) {
            var own = new Random(random.nextLong());
            threads.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    float[] rows = new float[1 + own.nextInt(4)];
                    for (int r = 0; r < rows.length; r++) {
                        rows[r] = own.nextInt(1 << 20);
                    }
                    Promise<Void> exchange = Promise.promise();
                    runner.run(inference(rows), null, exchange.future()).onComplete(done -> {
                        if (done.succeeded()) {
                            var answer = floats(done.result());
                            for (int r = 0; r < rows.length; r++) {
                                wrong.set(wrong.get() || answer.size() != rows.length || answer.get(r) != 2 * rows[r]);
                            }
                        }
                        settled.incrementAndGet();
                    });
                    if (own.nextInt(10) == 0) {
                        exchange.fail("left");
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        eventually(() -> settled.get() == 8_000);
        assertThat(wrong).as("seed " + seed).isFalse();
        assertThat(runner.waiting()).isZero();
        await(runner.retire());
        assertThat(model.batches).as("some requests were joined").anyMatch(rows -> rows > 4);
    }

    private ModelRunner runner(int workers, int queue, int maxBatchSize) {
        return runner(workers, queue, new ModelConfig.Batching(maxBatchSize, Duration.ZERO));
    }

    private ModelRunner runner(int workers, int queue, ModelConfig.Batching batching) {
        return new ModelRunner(vertx, loaded, config(queue, batching, Duration.ZERO), workers(workers));
    }

    private static ModelConfig config(int queue, ModelConfig.Batching batching, Duration timeout) {
        return new ModelConfig(
                VersionPolicy.LATEST,
                new ModelConfig.Workers(1, Optional.empty()),
                new ModelConfig.Admission(queue, 1_000, timeout),
                batching,
                /* warmUpRuns= */ 0,
                ModelConfig.Limits.DEFAULT,
                Delivery.OFF);
    }

    private ModelWorkers workers(int count) {
        return new ModelWorkers(new WorkerPool(vertx, "gated", count, count), Optional.empty(), 1);
    }

    private Future<List<Tensor>> ask(ModelRunner runner, float... rows) {
        return runner.run(inference(rows), null, STAYS);
    }

    private Inference inference(float... rows) {
        return inference(Priority.DEFAULT, rows);
    }

    private Inference inference(Priority priority, float... rows) {
        var data = ByteBuffer.allocate(4 * rows.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float row : rows) {
            data.putFloat(row);
        }
        var input = new Tensor("x", DataType.FP32, Shape.of(rows.length, 1), data.flip());
        return new Inference(Inference.Checked.of(List.of(input), List.of("y")), priority, vertx.getOrCreateContext());
    }

    private static List<Float> floats(List<Tensor> outputs) {
        var values = new ArrayList<Float>();
        for (var elements = outputs.get(0).elements(); elements.hasRemaining(); ) {
            values.add(elements.getFloat());
        }
        return values;
    }

    private static ErrorCode code(Future<?> failed) {
        return ((ServingException) failed.cause()).code();
    }
}
