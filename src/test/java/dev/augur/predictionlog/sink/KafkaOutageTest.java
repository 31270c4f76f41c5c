package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.KafkaProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A topic whose broker is away, killed or frozen, or whose writer is: every record arrives, in order and once. */
@ExtendWith(VertxExtension.class)
class KafkaOutageTest {
    private static final String RECORDS = "augur_prediction_log_sink_records_total{sink=\"kafka\"}";

    private static Vertx vertx;
    private static KafkaProcess kafka;

    @TempDir
    Path directory;

    private FollowedLedger followed;
    private KafkaTopic topic;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        KafkaOutageTest.vertx = vertx;
        kafka = KafkaProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @BeforeEach
    void create() throws Exception {
        topic = KafkaTopic.create(kafka, 2, Map.of());
    }

    @AfterEach
    void close() throws Exception {
        if (followed != null) {
            followed.close();
        }
    }

    @Test
    void losesNothingWhenTheBrokerIsKilledUnderLoad() throws Exception {
        open();
        var load = SteadyLoad.on(followed);
        untilTaken(500);
        kafka.kill();
        untilFailed();
        kafka.launch();
        untilTaken(followed.progress().takenSeq() + 500);

        int count = load.end();
        everythingArrives(count);
        assertThat(topic.messages()).hasSize(count);
    }

    @Test
    void goesOnWhenAFrozenBrokerThaws() throws Exception {
        open();
        followed.append(1, 300, "");
        untilTaken(300);
        kafka.pause();
        followed.append(301, 900, "");
        untilFailed();
        kafka.resume();

        everythingArrives(900);
    }

    @Test
    void anAbsentBrokerCostsDiskAndNoMemoryAndNoThreads() throws Exception {
        int records = 15_000;
        var padding = "x".repeat(700);
        kafka.kill();
        open();
        followed.append(1, 1_000, padding);
        untilFailed();
        long before = usedBytes();

        followed.append(1_001, records, padding);

        untilFailed();
        assertThat(followed.ledger().bytes()).isGreaterThan(15_000_000);
        assertThat(usedBytes() - before).isLessThan(10_000_000);
        assertThat(producers()).isLessThanOrEqualTo(1);
        assertThat(followed.progress().lagRecords()).isEqualTo(records);
        kafka.launch();
        everythingArrives(records);
    }

    @Test
    void sendsEverythingAgainWhereTheCursorWasRemoved() throws Exception {
        open();
        followed.append(1, 20, "");
        followed.untilTaken();
        followed.close();
        Files.delete(followed.cursorFile());

        open();
        followed.append(21, 30, "");
        everythingArrives(30);
        assertThat(topic.messages()).hasSize(50);
    }

    @Test
    void leavesOutWhatWasSentAfterTheLastCursor() throws Exception {
        open();
        var before = Files.readAllBytes(followed.cursorFile());
        followed.append(1, 20, "");
        followed.untilTaken();
        followed.close();
        Files.write(followed.cursorFile(), before); // as if killed between the answer and the cursor

        open();
        followed.append(21, 30, "");
        everythingArrives(30);
        assertThat(topic.messages()).hasSize(30);
        assertThat(followed.sink().repeated()).isEqualTo(20);
    }

    @Test
    void losesNothingWhenTheWriterIsKilled() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 2; round++) {
            try (var program = launch(round * 1_000_000)) {
                long enough = topic.messages().size() + random.nextInt(500) + 1;
                eventually(() -> topic.messages().size() >= enough || !program.alive());
                assertThat(program.alive()).as("%s", program.err()).isTrue();
                program.signal("KILL");
                assertThat(program.exitCode()).isEqualTo(137);
            }
        }
        open();
        followed.untilTaken();

        assertThat(topic.messages().stream().map(message -> message.key()))
                .as("seed %d", seed)
                .containsExactlyElementsOf(TestServer.records(directory).stream()
                        .map(line -> line.getString("record_id"))
                        .toList());
    }

    @Test
    void theServerFillsTheTopicWhileAnotherSinkIsAway() throws Exception {
        try (var server = TestServer.start(
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.bootstrap-servers=" + kafka.address(),
                "prediction-log.kafka.topic=" + topic.name(),
                "prediction-log.postgres.enabled=true",
                "prediction-log.postgres.port=" + ChildProcess.freePort())) {
            predict(server, 20);
            eventually(() -> server.meter(RECORDS) == 20);
            assertThat(server.meter("augur_prediction_log_sink_lag_records{sink=\"kafka\"}"))
                    .isZero();
            assertThat(server.meter("augur_prediction_log_sink_lag_records{sink=\"postgres\"}"))
                    .isEqualTo(20);
            topic.hasAll(20);
        }
    }

    /** Both would wait for the broker longer than this test does for the end of their producers. */
    @Test
    void theServerStopsWhileItsBrokerIsFrozenOrAway() throws Exception {
        try (var server = server(kafka.address())) {
            predict(server, 1);
            eventually(() -> server.meter(RECORDS) == 1);
            kafka.pause();
            predict(server, 20);
            eventually(() -> server.records().size() == 21);
            server.stop();
        } finally {
            kafka.resume();
        }
        try (var server = server("127.0.0.1:" + ChildProcess.freePort())) {
            predict(server, 1);
            eventually(() -> server.records().size() == 1);
            server.stop();
        }
        eventually(() -> producers() == 0);
    }

    private TestServer server(String broker) throws Exception {
        return TestServer.start(
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.bootstrap-servers=" + broker,
                "prediction-log.kafka.topic=" + topic.name(),
                "prediction-log.kafka.timeout=30s");
    }

    private static void predict(TestServer server, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(server.post("/double_recorded", "{\"item_id\": " + i + ", \"feature_value\": 2.0}")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private void open() throws Exception {
        followed = FollowedLedger.open(vertx, directory, LARGE, topic.sink(vertx));
    }

    private void untilTaken(long seq) throws Exception {
        eventually(() -> followed.progress().takenSeq() >= seq);
    }

    private void untilFailed() throws Exception {
        long failures = followed.progress().failures();
        eventually(() -> followed.progress().failures() > failures);
    }

    private void everythingArrives(int count) throws Exception {
        assertThat(followed.ledger().storedSeq()).isEqualTo(count);
        followed.untilTaken();
        topic.hasAll(count);
    }

    private AugurProcess launch(int first) throws Exception {
        return AugurProcess.launch(
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SinkProgram.class.getName(),
                        directory.toString(),
                        String.valueOf(first),
                        kafka.address(),
                        topic.name()));
    }

    private static long producers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kafka-producer-network-thread"))
                .count();
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
