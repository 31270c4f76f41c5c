package dev.augur.model.runtime;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.inference.Priority;
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
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What arrives on an event loop in one of its turns, and how its answers come back. */
@ExtendWith(VertxExtension.class)
class GatheringTest {
    private static final int REQUESTS = 5;

    private Vertx vertx;
    private final GatedModel model = new GatedModel();
    private ModelRunner runner;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
        runner = runner(Execution.WORKER);
    }

    @AfterEach
    void close() {
        model.gate.release(1_000_000);
    }

    @Test
    void whatArrivesTogetherGoesAsOneBatchAlsoWhileWorkersAreFree() throws Exception {
        model.gate.release(100);
        assertThat(await(askTogether(vertx.getOrCreateContext()))).containsExactly(0f, 2f, 4f, 6f, 8f);
        assertThat(model.batches).containsExactly((long) REQUESTS);
    }

    @Test
    void callersOfOneBatchGetTheirAnswersOnTheirOwnEventLoops() throws Exception {
        var first = eventLoop();
        var second = eventLoop();
        var holding = List.of(askTogether(first), askTogether(first)); // both workers may be busy with these
        var one = answeringThreads(first);
        var other = answeringThreads(second);
        model.gate.release(100);
        await(Future.all(holding));
        assertThat(await(one)).containsOnly(await(thread(first)));
        assertThat(await(other)).containsOnly(await(thread(second)));
    }

    @Test
    void aCallerThatThrowsTakesNobodysAnswer(VertxTestContext test) throws Exception {
        var context = eventLoop();
        var thrown = test.checkpoint();
        var answered = test.checkpoint();
        context.exceptionHandler(failure -> thrown.flag());
        model.gate.release(100);
        context.runOnContext(turn -> {
            ask(0).onComplete(result -> {
                throw new IllegalStateException("a caller's fault");
            });
            ask(1).onComplete(test.succeeding(answer -> test.verify(() -> {
                assertThat(answer).isEqualTo(2f);
                assertThat(model.batches).containsExactly(2L);
                answered.flag();
            })));
        });
    }

    @Test
    void aRunThatTakesLongerThanTheModelsRunsDoHoldsUpNobody() throws Exception {
        model.gate.release(10_000);
        for (int run = 0; run < 200; run++) {
            await(askTogether(vertx.getOrCreateContext()));
        }
        model.gate.drainPermits();
        var slow = askTogether(eventLoop());
        eventually(() -> model.inside.get() == 1);
        var others = askTogether(eventLoop());
        eventually(() -> model.inside.get() == 2);
        model.gate.release(2);
        assertThat(await(slow)).isEqualTo(await(others));
    }

    @Test
    void shortRunsAreOnTheEventLoopThatTheirRequestsCameTo() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var first = eventLoop();
        var second = eventLoop();
        eventually(() -> runsOn(first) && runsOn(second));
        assertThat(runner.onEventLoops()).isTrue();
        model.threads.clear();
        var one = askTogether(first);
        var other = askTogether(second);
        assertThat(await(one)).isEqualTo(await(other)).containsExactly(0f, 2f, 4f, 6f, 8f);
        assertThat(model.threads).contains(await(thread(first)), await(thread(second)));
        assertThat(await(answeringThreads(second))).containsOnly(await(thread(second)));
        assertThat(runner.running()).isZero();
        assertThat(runner.waiting()).isZero();
    }

    @Test
    void aModelWhoseRunsAreLongGoesBackToItsWorkersUntilTheyAreShort() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var loop = eventLoop();
        eventually(() -> runsOn(loop));
        model.millis = 5;
        assertThat(await(askTogether(loop))).hasSize(REQUESTS);
        assertThat(runner.onEventLoops()).isFalse();
        assertThat(runsOn(loop)).isFalse();
        model.millis = 0;
        eventually(() -> runsOn(loop));
    }

    @Test
    void aRequestWithManyRowsGoesToAWorkerAlsoWhereEventLoopsRunTheModel() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var loop = eventLoop();
        eventually(() -> runsOn(loop));
        Promise<Future<Float>> asked = Promise.promise();
        loop.runOnContext(turn -> asked.complete(ask(3, 1_000_000)));
        assertThat(await(await(asked.future()))).isEqualTo(6f);
        assertThat(model.threads.get(model.threads.size() - 1).getName()).startsWith("gathering");
    }

    @Test
    void noMoreWaitForAnEventLoopThanForWorkers() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var loop = eventLoop();
        eventually(() -> runsOn(loop));
        Promise<List<Future<Float>>> asked = Promise.promise();
        loop.runOnContext(turn -> {
            var all = new ArrayList<Future<Float>>();
            for (int row = 0; row < 500; row++) {
                all.add(ask(row));
            }
            asked.complete(all);
        });
        int refused = 0;
        for (Future<Float> answer : await(asked.future())) {
            refused += settled(answer).failed() ? 1 : 0;
        }
        assertThat(refused).as("100 may wait, and what the next batch takes").isBetween(500 - 100 - 32, 500 - 100 - 1);
        assertThat(runner.waiting()).isZero();
    }

    @Test
    void whatTakesAnEventLoopLongIsSharedWithTheWorkers() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var loop = eventLoop();
        eventually(() -> runsOn(loop));
        var one = await(thread(loop));
        model.threads.clear();
        model.millis = 2;
        assertThat(await(askTogether(loop, 90))).hasSize(90);
        assertThat(model.threads.stream().filter(thread -> thread == one)).hasSizeLessThanOrEqualTo(1);
        assertThat(model.threads).anyMatch(thread -> thread.getName().startsWith("gathering"));
    }

    @Test
    void whatFailsOnAnEventLoopFailsAlone() throws Exception {
        runner = runner(Execution.EVENT_LOOP);
        model.gate.release(10_000);
        var loop = eventLoop();
        eventually(() -> runsOn(loop));
        for (float fault : List.of(GatedModel.BAD, GatedModel.WORSE)) {
            Promise<Future<Float>> asked = Promise.promise();
            loop.runOnContext(turn -> asked.complete(ask(fault)));
            assertThat(settled(await(asked.future())).failed()).isTrue();
            assertThat(await(askTogether(loop))).containsExactly(0f, 2f, 4f, 6f, 8f);
        }
        await(runner.retire());
    }

    /** Whether the last run of some was on that event loop. */
    private boolean runsOn(Context loop) throws Exception {
        await(askTogether(loop));
        return model.threads.get(model.threads.size() - 1) == await(thread(loop));
    }

    private static <T> Future<T> settled(Future<T> future) throws Exception {
        await(future.otherwiseEmpty());
        return future;
    }

    private Context eventLoop() throws Exception {
        Promise<Context> started = Promise.promise();
        await(vertx.deployVerticle(context -> {
            started.complete(context);
            return Future.succeededFuture();
        }));
        return await(started.future());
    }

    private static Future<Thread> thread(Context context) {
        Promise<Thread> thread = Promise.promise();
        context.runOnContext(turn -> thread.complete(Thread.currentThread()));
        return thread.future();
    }

    private Future<List<Float>> askTogether(Context context) {
        return askTogether(context, REQUESTS);
    }

    private Future<List<Float>> askTogether(Context context, int requests) {
        Promise<List<Float>> answers = Promise.promise();
        context.runOnContext(turn ->
                Future.all(asked(requests)).map(all -> all.<Float>list()).onComplete(answers));
        return answers.future();
    }

    private Future<List<Thread>> answeringThreads(Context context) {
        Promise<List<Thread>> threads = Promise.promise();
        context.runOnContext(turn -> Future.all(asked(REQUESTS).stream()
                        .map(answer -> answer.map(value -> Thread.currentThread()))
                        .toList())
                .map(all -> all.<Thread>list())
                .onComplete(threads));
        return threads.future();
    }

    private List<Future<Float>> asked(int requests) {
        var answers = new ArrayList<Future<Float>>();
        for (int row = 0; row < requests; row++) {
            answers.add(ask(row));
        }
        return answers;
    }

    private Future<Float> ask(float row) {
        return ask(row, 1);
    }

    /** The answer to the first of so many rows, all but the first of which are 0. */
    private Future<Float> ask(float row, int rows) {
        var data = ByteBuffer.allocate(rows * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        var input = new Tensor("x", DataType.FP32, Shape.of(rows, 1), data.putFloat(0, row));
        var inference = new Inference(
                Inference.Checked.of(List.of(input), List.of("y")), Priority.DEFAULT, vertx.getOrCreateContext());
        return runner.run(inference, null, Promise.promise().future())
                .map(outputs -> outputs.get(0).elements().getFloat());
    }

    private ModelRunner runner(Execution execution) {
        var config = new ModelConfig(
                VersionPolicy.LATEST,
                new ModelConfig.Workers(2, Optional.empty(), execution),
                new ModelConfig.Admission(100, 1_000, Duration.ZERO),
                new ModelConfig.Batching(32, Duration.ZERO),
                /* warmUpRuns= */ 0,
                ModelConfig.Limits.DEFAULT,
                Delivery.OFF);
        var workers = new ModelWorkers(new WorkerPool(vertx, "gathering", 2, 2), Optional.empty(), 1);
        return new ModelRunner(vertx, new LoadedModel(model, "digest", BatchDecision.INDEPENDENT), config, workers);
    }
}
