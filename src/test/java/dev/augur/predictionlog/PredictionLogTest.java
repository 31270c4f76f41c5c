package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.bus.Addresses;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sender and writer together, over a real event bus. */
class PredictionLogTest {
    private static final PredictionLogConfig.Records RECORDS =
            new PredictionLogConfig.Records(4_096, List.of(), Duration.ofSeconds(5));
    private static final PredictionLogConfig CONFIG = new PredictionLogConfig(
            50, Duration.ofMillis(200), Duration.ofMillis(100), LedgerTest.CONFIG, RECORDS, LedgerTest.QUERY);

    private final Vertx vertx = Vertx.vertx();
    private final BusPredictionLog log = new BusPredictionLog(vertx, CONFIG, /* localWriter= */ true);

    @TempDir
    Path directory;

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void acknowledgesWhatIsInTheLedger() throws Exception {
        deployWriter();
        for (int i = 0; i < 20; i++) {
            String id = "r" + i;
            await(log.append(Future.succeededFuture(record(id))));
            assertThat(ids()).endsWith(id);
        }
        assertThat(log.stored()).isEqualTo(20);
    }

    @Test
    void acknowledgesAndTimesOutOnTheCallersEventLoop() throws Exception {
        var threads = new CopyOnWriteArrayList<List<Thread>>();
        vertx.runOnContext(
                caller -> { // not the log's own event loop
                    var mine = Thread.currentThread();
                    log.append(Future.succeededFuture(record("late")))
                            .timeout(1, TimeUnit.MILLISECONDS)
                            .onComplete(late -> threads.add(List.of(mine, Thread.currentThread())));
                    log.append(Future.succeededFuture(record("stored")))
                            .onComplete(stored -> threads.add(List.of(mine, Thread.currentThread())));
                });
        eventually(() -> threads.size() == 1);
        deployWriter();
        eventually(() -> threads.size() == 2);
        assertThat(threads).allSatisfy(both -> assertThat(both.get(1)).isSameAs(both.get(0)));
    }

    @Test
    void publishesEachRecordOnceItIsStored() throws Exception {
        var published = new CopyOnWriteArrayList<JsonObject>();
        await(vertx.eventBus()
                .<JsonObject>consumer(Addresses.PREDICTIONS, message -> published.add(message.body()))
                .completion());
        deployWriter();

        await(append("a", "b", "c"));

        eventually(() -> published.size() == 3);
        assertThat(published).isEqualTo(TestServer.records(directory));
    }

    @Test
    void writesInTheOrderReceived() throws Exception {
        deployWriter();
        var names = IntStream.range(0, 40).mapToObj(i -> "r" + i).toArray(String[]::new);
        await(append(names));
        assertThat(ids()).containsExactly(names);
    }

    @Test
    void triesAgainUntilThereIsAWriter() throws Exception {
        var stored = append("a", "b");
        eventually(() -> log.retried() > 3);
        assertThat(log.pending()).isEqualTo(2);

        deployWriter();

        await(stored);
        assertThat(ids()).containsExactlyInAnyOrder("a", "b");
        assertThat(log.pending()).isZero();
    }

    @Test
    void goesOnWhenTheWriterIsRedeployed() throws Exception {
        var deployment = deployWriter();
        var stored = new ArrayList<Future<Void>>();
        for (int round = 0; round < 5; round++) {
            stored.add(log.append(Future.succeededFuture(record("before" + round))));
            await(vertx.undeploy(deployment));
            stored.add(log.append(Future.succeededFuture(record("between" + round))));
            deployment = deployWriter();
        }
        await(Future.all(stored));
        assertThat(ids()).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void dropsAndCountsWhatDoesNotFit() throws Exception {
        Promise<PredictionRecord> underWay = Promise.promise();
        for (int i = 0; i < 50; i++) {
            log.append(underWay.future());
        }
        assertThat(log.append(Future.succeededFuture(record("too much"))).failed())
                .isTrue();
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(log.offered())
                .isEqualTo(log.stored() + log.dropped() + log.pending())
                .isEqualTo(51);

        deployWriter();
        underWay.complete(record("the same"));

        await(log.drain(Duration.ofSeconds(10)));
        assertThat(log.stored()).isEqualTo(50);
        assertThat(log.pending()).isZero();
        assertThat(ids()).containsExactly("the same");
    }

    @Test
    void drainEndsAtItsLimitAndSaysWhatIsLost() {
        append("nobody takes this");
        assertThatThrownBy(() -> await(log.drain(Duration.ofMillis(50))))
                .hasRootCauseMessage("1 prediction records were not acknowledged in time");
    }

    @Test
    void aRecordThatCannotBeReadStopsNoOther() throws Exception {
        deployWriter();
        await(append("a"));
        var garbage = vertx.eventBus().request(Addresses.PREDICTION_LOG, new JsonObject().put("no", "record"));
        assertThatThrownBy(() -> await(garbage)).hasMessageContaining("cannot be read");
        await(append("b", "c"));
        assertThat(ids()).containsExactly("a", "b", "c");
    }

    @Test
    void aRecordThatCanNeverBeWrittenIsDroppedAndCountedAndStopsNoOther() throws Exception {
        deployWriter();
        var before = append("a");
        var unwritable = log.append(Future.succeededFuture(unwritable("b")));
        await(before);
        await(append("c"));
        assertThatThrownBy(() -> await(unwritable)).hasMessageContaining("cannot be written as JSON");
        assertThat(ids()).containsExactly("a", "c");
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(log.pending()).isZero();
        assertThat(log.offered()).isEqualTo(log.stored() + log.dropped() + log.pending());
    }

    @Test
    void writesMoreThanFitsIntoOneGroupInOrder() throws Exception {
        var names = IntStream.range(0, 40).mapToObj(i -> "r" + i).toArray(String[]::new);
        var stored = Future.all(java.util.stream.Stream.of(names)
                .map(id -> log.append(Future.succeededFuture(withInput(id, "x".repeat(300_000)))))
                .toList());
        deployWriter();
        await(stored);
        assertThat(ids()).containsExactlyInAnyOrder(names);
        assertThat(log.stored()).isEqualTo(40);
    }

    private static PredictionRecord unwritable(String id) {
        return withInput(id, new Object()); // no JSON has this
    }

    private static PredictionRecord withInput(String id, Object input) {
        return record(id, Map.of("input", input));
    }

    private Future<?> append(String... ids) {
        return Future.all(java.util.stream.Stream.of(ids)
                .map(id -> log.append(Future.succeededFuture(record(id))))
                .toList());
    }

    private String deployWriter() throws Exception {
        return await(vertx.deployVerticle(new PredictionLogVerticle(directory, CONFIG)));
    }

    private List<String> ids() throws Exception {
        return TestServer.records(directory).stream()
                .map(line -> line.getString("record_id"))
                .toList();
    }
}
