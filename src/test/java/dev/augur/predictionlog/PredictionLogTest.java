package dev.augur.predictionlog;

import static dev.augur.predictionlog.LedgerTest.record;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.bus.Addresses;
import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Sender and writer together, over a real event bus. */
@ExtendWith(VertxExtension.class)
class PredictionLogTest {
    private static final PredictionLogConfig.Records RECORDS =
            new PredictionLogConfig.Records(4_096, List.of(), Duration.ofSeconds(5), 10);
    private static final PredictionLogConfig CONFIG = new PredictionLogConfig(
            50, Duration.ofMillis(200), Duration.ofMillis(100), LedgerTest.CONFIG, RECORDS, LedgerTest.QUERY);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Vertx vertx;
    private BusPredictionLog log;

    @TempDir
    Path directory;

    @BeforeEach
    void start(Vertx vertx) {
        this.vertx = vertx;
        log = new BusPredictionLog(vertx, CONFIG, /* localWriter= */ true);
    }

    @Test
    void acknowledgesWhatIsInTheLedger() throws Exception {
        deployWriter();
        for (int i = 0; i < 20; i++) {
            String id = "r" + i;
            await(log.store(Future.succeededFuture(record(id)), PATIENCE));
            assertThat(ids()).endsWith(id);
        }
        assertThat(log.stored()).isEqualTo(20);
    }

    @Test
    void acknowledgesAndTimesOutOnTheCallersEventLoop(VertxTestContext test) {
        var acknowledged = test.checkpoint();
        vertx.runOnContext(
                caller -> { // not the log's own event loop
                    var mine = Thread.currentThread();
                    var late = log.store(Future.succeededFuture(record("late")), Duration.ofMillis(1));
                    log.store(Future.succeededFuture(record("stored")), PATIENCE)
                            .onComplete(test.succeeding(stored -> test.verify(() -> {
                                assertThat(Thread.currentThread()).isSameAs(mine);
                                acknowledged.flag();
                            })));
                    late.onComplete(test.failing(timeout -> test.verify(() -> {
                        assertThat(Thread.currentThread()).isSameAs(mine);
                        vertx.deployVerticle(writer()).onFailure(test::failNow);
                    })));
                });
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
    void saysWhyRecordsWaitAndForHowLong() throws Exception {
        assertThat(log.trouble()).isEmpty();
        assertThat(log.oldestWait()).isZero();
        var told = told();
        var stored = append("a");
        eventually(() -> log.trouble().isPresent());
        assertThat(log.trouble()).contains("no node with the role log can be reached");
        assertThat(log.oldestWait()).isGreaterThan(Duration.ofMillis(500));
        append("b");
        assertThat(log.oldestWait()).isGreaterThan(Duration.ofMillis(500));

        deployWriter();

        await(stored);
        eventually(() -> log.trouble().isEmpty());
        await(log.drain(Duration.ofSeconds(10)));
        assertThat(log.oldestWait()).isZero();
        assertThat(told).hasSize(2);
        assertThat(told.get(0).getFormattedMessage()).startsWith("prediction log: records wait, no node");
        assertThat(told.get(1).getFormattedMessage()).startsWith("prediction log: records go again after ");
    }

    private static List<ILoggingEvent> told() {
        var logged = new ListAppender<ILoggingEvent>();
        logged.list = new CopyOnWriteArrayList<>();
        logged.start();
        ((Logger) LoggerFactory.getLogger(Waiting.class)).addAppender(logged);
        return logged.list;
    }

    @Test
    void goesOnWhenTheWriterIsRedeployed() throws Exception {
        var deployment = deployWriter();
        var stored = new ArrayList<Future<Void>>();
        for (int round = 0; round < 5; round++) {
            stored.add(log.store(Future.succeededFuture(record("before" + round)), PATIENCE));
            await(vertx.undeploy(deployment));
            stored.add(log.store(Future.succeededFuture(record("between" + round)), PATIENCE));
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
        assertThatThrownBy(() -> await(log.store(Future.succeededFuture(record("too much")), PATIENCE)))
                .hasMessageContaining("does not take records now");
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
    void whatIsRefusedWhileItDrainsIsToldBeforeItEnds() throws Exception {
        deployWriter();
        Promise<PredictionRecord> underWay = Promise.promise();
        log.append(underWay.future());
        var drained = log.drain(Duration.ofSeconds(10));
        for (int i = 0; i < 30; i++) {
            log.append(refused());
        }
        underWay.complete(record("last"));
        await(drained);
        assertThat(log.summarised()).isPositive();
        assertThat(TestServer.records(directory))
                .filteredOn(line -> RefusalsRecord.TYPE.equals(line.getString("type")))
                .extracting(line -> line.getLong("count"))
                .containsExactly(log.summarised());
    }

    @Test
    void whatARequestDoesAfterItsRecordIsNotInIt() throws Exception {
        var redacting = new BusPredictionLog(vertx, redacting("outputs", "error"), /* localWriter= */ true);
        var late = record("a").answered(504, null);
        var underWay = record("b").left();
        redacting.append(late);
        redacting.append(Future.succeededFuture(underWay));
        for (var record : List.of(late, underWay)) { // a model that answers after all, while no writer is there
            record.outputs(Map.of("prediction", "secret"))
                    .modelVersion("7", null)
                    .failed(new ServingException(ErrorCode.INTERNAL, "secret"));
        }

        deployWriter();

        await(redacting.drain(Duration.ofSeconds(10)));
        assertThat(TestServer.records(directory))
                .hasSize(2)
                .noneMatch(line -> line.encode().contains("secret")
                        || line.containsKey("model_version")
                        || line.containsKey("error_code"));
    }

    private static PredictionLogConfig redacting(String... rules) {
        var records = new PredictionLogConfig.Records(4_096, List.of(rules), Duration.ofSeconds(5), 10);
        return new PredictionLogConfig(
                50, Duration.ofMillis(200), Duration.ofMillis(100), LedgerTest.CONFIG, records, LedgerTest.QUERY);
    }

    private static PredictionRecord refused() {
        return new PredictionRecord("/predict", "node", "model")
                .failed(new ServingException(ErrorCode.INVALID_ARGUMENT, "no JSON"))
                .answered(400, null);
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
        var unwritable = log.store(Future.succeededFuture(unwritable("b")), PATIENCE);
        await(before);
        await(append("c"));
        assertThatThrownBy(() -> await(unwritable)).hasMessageContaining("does not take records now");
        assertThat(ids()).containsExactly("a", "c");
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(log.pending()).isZero();
        assertThat(log.offered()).isEqualTo(log.stored() + log.dropped() + log.pending());
    }

    @Test
    void writesMoreThanFitsIntoOneGroupInOrder() throws Exception {
        var names = IntStream.range(0, 40).mapToObj(i -> "r" + i).toArray(String[]::new);
        var stored = Future.all(java.util.stream.Stream.of(names)
                .map(id -> log.store(Future.succeededFuture(withInput(id, "x".repeat(300_000))), PATIENCE))
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
                .map(id -> log.store(Future.succeededFuture(record(id)), PATIENCE))
                .toList());
    }

    private String deployWriter() throws Exception {
        return await(vertx.deployVerticle(writer()));
    }

    private PredictionLogVerticle writer() {
        return new PredictionLogVerticle(directory, CONFIG);
    }

    private List<String> ids() throws Exception {
        return TestServer.records(directory).stream()
                .map(line -> line.getString("record_id"))
                .toList();
    }
}
