package dev.augur.demo;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.PredictionLog;
import dev.augur.predictionlog.PredictionRecord;
import dev.augur.predictionlog.PredictionRecord.Status;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each route lets overlap, shown by latches: nothing here waits for time to pass. */
class TutorialTest {
    private static final int WORKERS = 4;
    private static final Future<Void> STAYS = Promise.<Void>promise().future();

    private final Vertx vertx = Vertx.vertx();
    private final Gate fetches = new Gate();
    private final Gate predictions = new Gate();
    private final List<Runnable> asyncFetches = new CopyOnWriteArrayList<>();
    private final List<PredictionRecord> records = new CopyOnWriteArrayList<>();
    private final WorkerPool sync = new WorkerPool(vertx, "sync", 1, 100);
    private final WorkerPool asyncIo = new WorkerPool(vertx, "async-io", 1, 100);
    private final WorkerPool full = new WorkerPool(vertx, "full", WORKERS, 100);
    private final Tutorial tutorial = new Tutorial(
            new Tutorial.Stages(
                    new GatedMetadata(),
                    gatedStore(),
                    new GatedDoubler(),
                    new Tutorial.LogWrite(recordingLog(), Duration.ZERO)),
            new Tutorial.Pools(sync, asyncIo, full),
            "node");

    @AfterEach
    void close() throws Exception {
        fetches.open.release(1_000);
        predictions.open.release(1_000);
        await(vertx.close());
    }

    @Test
    void syncDoesOneStepOfOneRequestAtATime() throws Exception {
        var answers = IntStream.range(0, 10)
                .mapToObj(i -> tutorial.predictSync(new PredictRequest(i, i), STAYS))
                .toList();
        for (int i = 0; i < 10; i++) {
            int done = i;
            eventually(() -> fetches.entered.get() == done + 1);
            assertThat(predictions.entered).hasValue(done);
            fetches.open.release();
            eventually(() -> predictions.entered.get() == done + 1);
            assertThat(fetches.entered).hasValue(done + 1);
            predictions.open.release();
        }
        await(Future.all(answers));
        assertThat(fetches.mostAtOnce.get() + predictions.mostAtOnce.get()).isEqualTo(2);
        assertThat(answers.get(3).result()).isEqualTo(new PredictAnswer(3, "some_fetched_value", 6));
    }

    @Test
    void asyncIoFetchesAllAtOnceAndPredictsOneByOne() throws Exception {
        var answers = ask(10, tutorial::predictAsyncIo);
        assertThat(asyncFetches).hasSize(10);
        answerFetches();
        for (int i = 0; i < 10; i++) {
            int done = i;
            eventually(() -> predictions.entered.get() == done + 1);
            predictions.open.release();
        }
        await(Future.all(answers));
        assertThat(predictions.mostAtOnce).hasValue(1);
        assertThat(answers.get(3).result()).isEqualTo(new PredictAnswer(3, "some_fetched_value_async", 6));
    }

    @Test
    void fullAsyncPredictsAsManyAtOnceAsThereAreWorkers() throws Exception {
        var answers = ask(10, tutorial::predictFullAsync);
        assertThat(asyncFetches).hasSize(10);
        answerFetches();
        eventually(() -> predictions.entered.get() == WORKERS);
        assertThat(full.waiting()).isEqualTo(10 - WORKERS);
        predictions.open.release(10);
        await(Future.all(answers));
        assertThat(predictions.mostAtOnce).hasValue(WORKERS);
        assertThat(answers.get(3).result()).isEqualTo(new PredictAnswer(3, "some_fetched_value_async", 6));
        assertThat(records).isEmpty();
    }

    @Test
    void theFirstTwoRoutesDoNotHoldUpEachOtherOrTheRest() throws Exception {
        tutorial.predictSync(new PredictRequest(1, 1), STAYS);
        ask(1, tutorial::predictAsyncIo);
        var answer = ask(1, tutorial::predictFullAsync);
        eventually(() -> fetches.entered.get() == 1);
        answerFetches();
        eventually(() -> predictions.entered.get() == 2);
        predictions.open.release(2);
        await(answer.get(0));
        assertThat(sync.running()).isEqualTo(1);
    }

    @Test
    void workThatBlocksIsNeverOnAnEventLoop() throws Exception {
        predictions.open.release(3);
        fetches.open.release();
        var answers = new ArrayList<Future<PredictAnswer>>();
        vertx.runOnContext(v -> {
            answers.add(tutorial.predictSync(new PredictRequest(1, 1), STAYS));
            answers.addAll(ask(1, tutorial::predictAsyncIo));
            answers.addAll(ask(1, tutorial::predictFullAsync));
            answerFetches();
        });
        eventually(() -> answers.size() == 3 && answers.stream().allMatch(Future::succeeded));
        assertThat(fetches.onEventLoop.get() + predictions.onEventLoop.get()).isZero();
    }

    @Test
    void recordsOnceTheAnswerHasBeenSent() throws Exception {
        Promise<Void> exchange = Promise.promise();
        predictions.open.release();
        var answer = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        answerFetches();
        await(answer);
        assertThat(records).isEmpty();

        exchange.complete();

        var record = records.get(0);
        assertThat(record.status()).isEqualTo(Status.OK);
        assertThat(record.itemId()).isEqualTo(43L);
        assertThat(record.recordId()).isNotBlank();
        assertThat(record.inputs()).isEqualTo(Map.of("feature_value", 21.0));
        assertThat(record.outputs()).isEqualTo(Map.of("prediction", 42.0));
        assertThat(record.features().get(0).value()).isEqualTo("some_fetched_value_async");
        var times = record.times();
        assertThat(List.of(
                        times.receivedAt(),
                        times.featuresAt(),
                        times.predictStartedAt(),
                        times.predictEndedAt(),
                        times.respondedAt()))
                .isSorted();
    }

    @Test
    void recordsAPredictionWhoseClientLeftWhileItRan() throws Exception {
        Promise<Void> exchange = Promise.promise();
        var answer = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        answerFetches();
        eventually(() -> predictions.entered.get() == 1);
        exchange.fail("left");
        assertThat(records).isEmpty();

        predictions.open.release();

        await(answer);
        eventually(() -> records.size() == 1);
        assertThat(records.get(0).status()).isEqualTo(Status.CANCELLED);
        assertThat(records.get(0).outputs()).isEqualTo(Map.of("prediction", 42.0));
        assertThat(records.get(0).times().respondedAt()).isNull();
    }

    @Test
    void recordsAClientThatLeftBeforeThePrediction() throws Exception {
        Promise<Void> exchange = Promise.promise();
        tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        exchange.fail("left");
        answerFetches();
        eventually(() -> records.size() == 1);
        assertThat(records.get(0).status()).isEqualTo(Status.CANCELLED);
        assertThat(records.get(0).outputs()).isEmpty();
        assertThat(predictions.entered).hasValue(0);
        assertThat(full.taken()).isZero();
    }

    @Test
    void recordsARequestThatWasRefused() {
        Promise<Void> exchange = Promise.promise();
        ask(WORKERS + 100, tutorial::predictFullAsync);
        var refused = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        exchange.complete();
        assertThat(((ServingException) refused.cause()).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(records.get(0).status()).isEqualTo(Status.SHED);
        assertThat(records.get(0).errorCode()).isEqualTo("OVERLOADED");
    }

    private static List<Future<PredictAnswer>> ask(int count, Route route) {
        return IntStream.range(0, count)
                .mapToObj(i -> route.predict(new PredictRequest(i, i), STAYS))
                .toList();
    }

    private void answerFetches() {
        asyncFetches.forEach(Runnable::run);
    }

    private FeatureStore gatedStore() {
        return new GatedStore(asyncFetches);
    }

    private PredictionLog recordingLog() {
        return (record, delay) -> record.onSuccess(records::add).mapEmpty();
    }

    private interface Route {
        Future<PredictAnswer> predict(PredictRequest request, Future<Void> exchange);
    }

    /** Answers when it is told to. */
    private record GatedStore(List<Runnable> answers) implements FeatureStore {
        @Override
        public Future<Map<Object, FeatureVector>> fetch(Set<Object> entityKeys) {
            Promise<Map<Object, FeatureVector>> fetch = Promise.promise();
            Object key = entityKeys.iterator().next();
            var vector = new FeatureVector(key, Map.of("metadata", "some_fetched_value_async"), Instant.EPOCH);
            answers.add(() -> fetch.tryComplete(Map.of(key, vector)));
            return fetch.future();
        }

        @Override
        public int maxKeys() {
            return 1;
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** Counts who is inside, and lets nobody out without leave. */
    private static final class Gate {
        private final Semaphore open = new Semaphore(0);
        private final AtomicInteger entered = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger mostAtOnce = new AtomicInteger();
        private final AtomicInteger onEventLoop = new AtomicInteger();

        private void pass() throws InterruptedException {
            mostAtOnce.accumulateAndGet(inside.incrementAndGet(), Math::max);
            onEventLoop.addAndGet(Context.isOnEventLoopThread() ? 1 : 0);
            entered.incrementAndGet();
            open.acquire();
            inside.decrementAndGet();
        }
    }

    private final class GatedMetadata extends BlockingMetadata {
        private GatedMetadata() {
            super(Duration.ZERO);
        }

        @Override
        public String fetch(long itemId) throws InterruptedException {
            fetches.pass();
            return super.fetch(itemId);
        }
    }

    private final class GatedDoubler extends Doubler {
        private GatedDoubler() {
            super(Duration.ZERO);
        }

        @Override
        public double predict(double featureValue) throws InterruptedException {
            predictions.pass();
            return super.predict(featureValue);
        }
    }
}
