package dev.augur.demo;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.feature.FeatureStore;
import dev.augur.feature.FeatureVector;
import dev.augur.model.demo.Doubler;
import dev.augur.predictionlog.Delivery;
import dev.augur.predictionlog.KeptRecords;
import dev.augur.predictionlog.recording.Recording;
import dev.augur.worker.WorkerPool;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What each route lets overlap, shown by latches: nothing here waits for time to pass. */
@ExtendWith(VertxExtension.class)
class TutorialTest {
    private static final int WORKERS = 4;
    private static final Future<Integer> STAYS = Promise.<Integer>promise().future();

    private Vertx vertx;
    private final Gate fetches = new Gate();
    private final Gate predictions = new Gate();
    private final List<Runnable> asyncFetches = new CopyOnWriteArrayList<>();
    private final KeptRecords records = new KeptRecords();
    private WorkerPool sync;
    private WorkerPool asyncIo;
    private WorkerPool full;
    private Tutorial tutorial;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
        sync = new WorkerPool(vertx, "sync", 1, 100);
        asyncIo = new WorkerPool(vertx, "async-io", 1, 100);
        full = new WorkerPool(vertx, "full", WORKERS, 100);
        tutorial = new Tutorial(
                new Tutorial.Stages(
                        new GatedMetadata(),
                        gatedStore(),
                        new GatedDoubler(),
                        new Recording(records, "node", model -> Delivery.AFTER_ANSWER, 0, Duration.ZERO)),
                new Tutorial.Pools(sync, asyncIo, full));
    }

    @AfterEach
    void close() {
        fetches.open.release(1_000);
        predictions.open.release(1_000);
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
        assertThat(records.lines()).isEmpty();
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
        Promise<Integer> exchange = Promise.promise();
        predictions.open.release();
        var answer = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        answerFetches();
        await(answer);
        assertThat(records.lines()).isEmpty();

        exchange.complete(200);

        var record = records.lines().get(0);
        assertThat(record.getString("status")).isEqualTo("OK");
        assertThat(record.getInteger("item_id")).isEqualTo(43);
        assertThat(record.getString("record_id")).isNotBlank();
        assertThat(record.getInteger("http_status")).isEqualTo(200);
        assertThat(record.getJsonObject("inputs")).isEqualTo(JsonObject.of("feature_value", 21.0));
        assertThat(record.getJsonObject("outputs")).isEqualTo(JsonObject.of("prediction", 42.0));
        assertThat(record.getJsonArray("features").getJsonObject(0).getString("value"))
                .isEqualTo("some_fetched_value_async");
        assertThat(Stream.of("received_at", "features_at", "predict_started_at", "predict_ended_at", "responded_at")
                        .map(record::getString))
                .doesNotContainNull()
                .isSorted();
    }

    @Test
    void recordsAPredictionWhoseClientLeftWhileItRan() throws Exception {
        Promise<Integer> exchange = Promise.promise();
        var answer = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        answerFetches();
        eventually(() -> predictions.entered.get() == 1);
        exchange.fail("left");
        assertThat(records.lines()).isEmpty();

        predictions.open.release();

        await(answer);
        eventually(() -> records.lines().size() == 1);
        assertThat(records.lines().get(0).getString("status")).isEqualTo("CANCELLED");
        assertThat(records.lines().get(0).getJsonObject("outputs")).isEqualTo(JsonObject.of("prediction", 42.0));
        assertThat(records.lines().get(0).containsKey("responded_at")).isFalse();
    }

    @Test
    void recordsAClientThatLeftBeforeThePrediction() throws Exception {
        Promise<Integer> exchange = Promise.promise();
        tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        exchange.fail("left");
        answerFetches();
        eventually(() -> records.lines().size() == 1);
        assertThat(records.lines().get(0).getString("status")).isEqualTo("CANCELLED");
        assertThat(records.lines().get(0).getJsonObject("outputs")).isEmpty();
        assertThat(predictions.entered).hasValue(0);
        assertThat(full.taken()).isZero();
    }

    @Test
    void recordsARequestThatWasRefused() {
        Promise<Integer> exchange = Promise.promise();
        ask(WORKERS + 100, tutorial::predictFullAsync);
        var refused = tutorial.predictWithBackground(new PredictRequest(43, 21), exchange.future());
        exchange.complete(200);
        assertThat(((ServingException) refused.cause()).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(records.lines().get(0).getString("status")).isEqualTo("SHED");
        assertThat(records.lines().get(0).getString("error_code")).isEqualTo("OVERLOADED");
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

    private interface Route {
        Future<PredictAnswer> predict(PredictRequest request, Future<Integer> exchange);
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
