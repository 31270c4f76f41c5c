package dev.augur.worker;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class WorkerPoolTest {
    private static final Future<Void> STAYS = Promise.<Void>promise().future();

    private Vertx vertx;
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() {
        gate.countDown();
    }

    @Test
    void runsAsManyAtOnceAsThereAreWorkers() throws Exception {
        var pool = new WorkerPool(vertx, "test", 3, 10);
        var results = blocked(pool, 8);

        eventually(() -> pool.running() == 3);
        assertThat(pool.waiting()).isEqualTo(5);
        assertThat(pool.taken()).isEqualTo(8);

        gate.countDown();
        await(Future.all(results));
        assertThat(pool.taken()).isZero();
    }

    @Test
    void runsInTheOrderOfArrival() throws Exception {
        var pool = new WorkerPool(vertx, "test", 1, 10);
        var order = new CopyOnWriteArrayList<Integer>();
        var results = new ArrayList<Future<?>>(blocked(pool, 1));
        for (int i = 0; i < 5; i++) {
            int number = i;
            results.add(pool.run(() -> order.add(number)));
        }
        gate.countDown();
        await(Future.all(results));
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void refusesAtOnceWhenWorkersAndQueueAreFull() {
        var pool = new WorkerPool(vertx, "test", 2, 3);
        blocked(pool, 5);

        var refused = pool.run(() -> "never");

        assertThat(refused.failed()).isTrue();
        assertThat(code(refused)).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(pool.refused()).isEqualTo(1);
    }

    @Test
    void countsWhatARequestDoesBeforeItsWork() {
        var pool = new WorkerPool(vertx, "test", 1, 0);
        Promise<String> fetching = Promise.promise();
        pool.admit(STAYS, place -> fetching.future());

        assertThat(code(pool.run(() -> "no room"))).isEqualTo(ErrorCode.OVERLOADED);

        fetching.complete("fetched");
        assertThat(pool.taken()).isZero();
    }

    @Test
    void freesThePlaceOfAClientThatLeavesTheQueue() throws Exception {
        var pool = new WorkerPool(vertx, "test", 1, 1);
        blocked(pool, 1);
        Promise<Void> exchange = Promise.promise();
        var ran = new AtomicInteger();
        var left = pool.run(exchange.future(), ran::incrementAndGet);
        assertThat(pool.waiting()).isEqualTo(1);

        exchange.fail("left");

        assertThat(pool.waiting()).isZero();
        assertThat(pool.taken()).isEqualTo(1);
        eventually(left::isComplete);
        assertThat(code(left)).isEqualTo(ErrorCode.CANCELLED);
        var next = pool.run(() -> "room again");
        gate.countDown();
        assertThat(await(next)).isEqualTo("room again");
        assertThat(ran).hasValue(0);
    }

    @Test
    void keepsThePlaceOfRunningWorkUntilItsWorkerIsFree() throws Exception {
        var pool = new WorkerPool(vertx, "test", 1, 0);
        Promise<Void> exchange = Promise.promise();
        var running = pool.run(exchange.future(), this::waitForTheGate);
        eventually(() -> pool.running() == 1);

        exchange.fail("left");

        assertThat(pool.taken()).isEqualTo(1);
        assertThat(code(pool.run(() -> "busy"))).isEqualTo(ErrorCode.OVERLOADED);
        gate.countDown();
        await(running);
        assertThat(pool.taken()).isZero();
    }

    @Test
    void neverBeginsWorkWhoseClientLeftBeforeIt() {
        var pool = new WorkerPool(vertx, "test", 1, 0);
        Promise<Void> exchange = Promise.promise();
        Promise<String> fetched = Promise.promise();
        var result =
                pool.admit(exchange.future(), place -> fetched.future().compose(features -> place.run(() -> "ran")));
        exchange.fail("left");
        assertThat(pool.taken()).isZero();

        fetched.complete("features");

        assertThatThrownBy(() -> await(result)).hasRootCauseInstanceOf(ServingException.class);
        assertThat(code(result)).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void givesThePlaceBackWhenTheRequestThrows() {
        var pool = new WorkerPool(vertx, "test", 1, 0);
        var failed = pool.admit(STAYS, place -> {
            throw new IllegalStateException("before the work");
        });
        assertThat(failed.cause()).hasMessage("before the work");
        assertThat(pool.taken()).isZero();
    }

    @Test
    void givesThePlaceBackWhenTheWorkFails() throws Exception {
        var pool = new WorkerPool(vertx, "test", 1, 0);
        var failed = pool.run(() -> {
            throw new IllegalStateException("in the work");
        });
        assertThatThrownBy(() -> await(failed)).hasRootCauseMessage("in the work");
        var error = pool.run(() -> {
            throw new StackOverflowError("in the work");
        });
        assertThatThrownBy(() -> await(error)).hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(pool.taken()).isZero();
        assertThat(await(pool.run(() -> "still there"))).isEqualTo("still there");
    }

    @Test
    void completesOnTheCallersContext(VertxTestContext test) {
        var pool = new WorkerPool(vertx, "test", 1, 5);
        Context context = vertx.getOrCreateContext();
        context.runOnContext(v -> Future.all(pool.run(() -> 1), pool.run(() -> 2))
                .onComplete(test.succeeding(both -> test.verify(() -> {
                    assertThat(Context.isOnEventLoopThread()).isTrue();
                    assertThat(Vertx.currentContext()).isSameAs(context);
                    test.completeNow();
                }))));
    }

    @Test
    void drainsWhatItHoldsAndAdmitsNothingMore() throws Exception {
        var pool = new WorkerPool(vertx, "test", 1, 5);
        var held = blocked(pool, 3);
        var drained = pool.drain();
        assertThat(code(pool.run(() -> "late"))).isEqualTo(ErrorCode.NOT_READY);
        assertThat(drained.isComplete()).isFalse();

        gate.countDown();

        await(drained);
        await(Future.all(held));
        assertThat(pool.taken()).isZero();
    }

    @Test
    void holdsNothingAfterAnyMixOfWorkFailuresAndLeavers() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var pool = new WorkerPool(vertx, "test", 4, 20);
        var results = new ArrayList<Future<?>>();
        for (int i = 0; i < 3_000; i++) {
            Promise<Void> exchange = Promise.promise();
            int fate = random.nextInt(4);
            results.add(pool.run(exchange.future(), () -> {
                if (fate == 0) {
                    throw new IllegalStateException("planned");
                }
                return fate;
            }));
            if (fate == 1) {
                exchange.fail("left");
            }
        }
        await(Future.join(results).otherwiseEmpty());
        eventually(() -> pool.taken() == 0);
        assertThat(pool.running()).as("seed " + seed).isZero();
        assertThat(pool.waiting()).as("seed " + seed).isZero();
    }

    @Test
    void holdsNothingAfterUseByManyThreads() throws Exception {
        var pool = new WorkerPool(vertx, "test", 3, 50);
        var threads = new ArrayList<Thread>();
        var settled = new AtomicInteger();
        for (int t = 0; t < 6; t++) {
            var thread = new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    Promise<Void> exchange = Promise.promise();
                    var result = pool.run(
                            exchange.future(), () -> Thread.currentThread().getName());
                    result.onComplete(done -> settled.incrementAndGet());
                    if (i % 3 == 0) {
                        exchange.fail("left");
                    }
                    while (pool.taken() > 40) {
                        Thread.onSpinWait();
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }
        eventually(() -> settled.get() == 12_000);
        assertThat(pool.taken()).isZero();
        assertThat(pool.running()).isZero();
        assertThat(pool.waiting()).isZero();
    }

    @Test
    void twoPoolsOfOneNameDoNotShareThreads() throws Exception {
        var first = new WorkerPool(vertx, "test", 1, 5);
        var second = new WorkerPool(vertx, "test", 1, 5);
        blocked(first, 1);
        assertThat(await(second.run(() -> "free"))).isEqualTo("free");
    }

    private List<Future<String>> blocked(WorkerPool pool, int count) {
        var results = new ArrayList<Future<String>>();
        for (int i = 0; i < count; i++) {
            results.add(pool.run(this::waitForTheGate));
        }
        return results;
    }

    private String waitForTheGate() throws InterruptedException {
        gate.await();
        return "done";
    }

    private static ErrorCode code(Future<?> failed) {
        return ((ServingException) failed.cause()).code();
    }
}
