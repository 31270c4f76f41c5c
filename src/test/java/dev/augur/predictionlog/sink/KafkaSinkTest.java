package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.predictionlog.sink.FollowedLedger.entry;
import static dev.augur.predictionlog.sink.FollowedLedger.record;
import static dev.augur.predictionlog.sink.KafkaTopic.header;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.testkit.KafkaProcess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
class KafkaSinkTest {
    private static Vertx vertx;
    private static KafkaProcess kafka;

    @TempDir
    Path directory;

    private FollowedLedger followed;
    private KafkaTopic topic;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        KafkaSinkTest.vertx = vertx;
        kafka = KafkaProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
    }

    @AfterEach
    void close() throws Exception {
        followed.close();
    }

    @Test
    void aMessageIsTheLineWithItsKeyTimeAndHeaders() throws Exception {
        open(1, Map.of());
        followed.append("a");
        followed.untilTaken();

        var message = topic.messages().get(0);
        assertThat(message.key()).isEqualTo("a");
        assertThat(message.timestamp())
                .isEqualTo(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());
        assertThat(header(message, "writer_id")).isEqualTo(followed.ledger().writer());
        assertThat(header(message, "seq")).isEqualTo("1");
        assertThat(header(message, "model")).isEqualTo("wine");
        assertThat(header(message, "status")).isEqualTo("OK");
        assertThat(new String(message.value(), StandardCharsets.UTF_8) + "\n")
                .isEqualTo(Files.readString(onlySegment()));
    }

    @Test
    void takesLinesWithoutTheUsualFields() throws Exception {
        open(1, Map.of());
        followed.store(List.of(
                entry("a", "{\"record_id\":\"a\",\"type\":\"outcome\",\"received_at\":\"yesterday\"}"),
                entry("b", "{\"status\":\"OK\",\"received_at\":\"1969-01-01T00:00:00Z\"}"),
                entry("c", "{\"record_id\":\"c\",\"received_at\":\"9999-01-01T00:00:00Z\",\"x\":\"\\u0000\\ud800\"}")));
        followed.untilTaken();

        var messages = topic.messages();
        assertThat(messages)
                .extracting(ConsumerRecord::key)
                .containsExactly("a", followed.ledger().writer() + "-2", "c");
        assertThat(header(messages.get(0), "status")).isNull();
        assertThat(messages.get(1).timestamp()).isZero();
        assertThat(messages.get(2).timestamp()).isLessThanOrEqualTo(System.currentTimeMillis());
        assertThat(followed.sink().refused()).isZero();
    }

    @Test
    void aWritersLinesAreInOnePartition() throws Exception {
        open(7, Map.of());
        followed.append(1, 2_000, "");
        followed.untilTaken();

        var partitions = new HashSet<Integer>();
        topic.messages().forEach(message -> partitions.add(message.partition()));
        assertThat(partitions).hasSize(1);
        topic.hasAll(2_000);
    }

    @Test
    void bringsARecordOnceThatTwoWritersOfAProcessHave() throws Exception {
        topic = KafkaTopic.create(kafka, 5, Map.of());
        var sent = new SentIds();
        open(topic.sink(vertx, sent));
        followed.append(1, 700, "");
        followed.untilTaken();
        var other = FollowedLedger.open(vertx, directory.resolve("predictions"), LARGE, topic.sink(vertx, sent));
        other.append(101, 600, "");
        other.append("other");
        other.untilTaken();
        other.close();

        assertThat(topic.messages())
                .hasSize(701)
                .extracting(ConsumerRecord::key)
                .doesNotHaveDuplicates();
        assertThat(other.progress().records()).isEqualTo(501);
        assertThat(other.progress().failures()).isZero();
    }

    @Test
    void bringsARecordOnceThatWritersOfTwoProcessesHave() throws Exception {
        open(5, Map.of());
        followed.append(1, 700, "");
        followed.untilTaken();
        var other = FollowedLedger.open(vertx, directory.resolve("other"), LARGE, topic.sink(vertx));
        other.doubt(1, 600);
        other.append(101, 700, "");
        other.append("other");
        other.untilTaken();
        other.close();

        assertThat(topic.messages())
                .hasSize(701)
                .extracting(ConsumerRecord::key)
                .doesNotHaveDuplicates();
        assertThat(other.sink().repeated()).isEqualTo(600);
        assertThat(other.sink().unchecked()).isZero();
    }

    @CsvSource({
        "compression.type, zstd",
        "compression.type, snappy",
        "compression.type, lz4",
        "compression.type, gzip",
        "message.timestamp.type, LogAppendTime",
        "cleanup.policy, compact",
        "segment.bytes, 1048576"
    })
    @ParameterizedTest
    void findsARecordInATopicOfAnyKind(String setting, String value) throws Exception {
        open(3, Map.of(setting, value));
        followed.append(1, 300, "x".repeat(5_000));
        followed.untilTaken();
        kafka.enlarge(topic.name(), 5);
        var other = FollowedLedger.open(vertx, directory.resolve("other"), LARGE, topic.sink(vertx));
        other.doubt(1, 200);
        other.append(101, 310, "");
        other.untilTaken();
        other.close();

        assertThat(topic.messages())
                .hasSize(310)
                .extracting(ConsumerRecord::key)
                .doesNotHaveDuplicates();
    }

    @Test
    void aNoteStandsInPlaceOfARecordThatTheTopicRefuses() throws Exception {
        open(1, Map.of("max.message.bytes", "20000"));
        followed.append(1, 300, "x".repeat(100)); // requests of many records are larger, and have to be split
        followed.store(List.of(record("large", "x".repeat(50_000)), record("larger", "x".repeat(60_000))));
        followed.append(301, 400, "");
        followed.untilTaken();

        notesAre(402, 301, 302);
        var note = topic.messages().get(300);
        assertThat(note.key()).isEqualTo("large");
        assertThat(header(note, "status")).isEqualTo("OK");
        assertThat(new JsonObject(Buffer.buffer(note.value())))
                .isEqualTo(new JsonObject()
                        .put("writer_id", followed.ledger().writer())
                        .put("seq", 301)
                        .put("record_id", "large")
                        .put("refused", header(note, "refused")));
        assertThat(header(note, "refused")).contains("larger than the max message size");
        assertThat(followed.progress().failures()).isZero();
    }

    @Test
    void aNoteStandsInPlaceOfARecordThatTheProducerRefuses() throws Exception {
        open(1, Map.of());
        followed.append(1, 10, "");
        followed.store(List.of(record("large", "x".repeat(1_100_000)), record("b", "")));
        followed.append(11, 20, "");
        followed.store(List.of(record("larger", "x".repeat(1_200_000))));
        followed.untilTaken();

        notesAre(23, 11, 23);
        assertThat(followed.progress().failures()).isZero();
    }

    @Test
    void largerRecordsPassWhereBothSidesAllowThem() throws Exception {
        topic = KafkaTopic.create(kafka, 1, Map.of("max.message.bytes", "5000000"));
        open(topic.sink(vertx, kafka.address(), Map.of("max.request.size", "5000000", "compression.type", "zstd")));
        followed.store(List.of(record("a", "x".repeat(3_000_000)), record("b", "")));
        followed.untilTaken();

        notesAre(2);
    }

    @Test
    void goesOnWhereEvenNotesAreTooLarge() throws Exception {
        open(1, Map.of("max.message.bytes", "100"));
        followed.append(1, 5, "");
        followed.untilTaken();

        assertThat(topic.messages()).isEmpty();
        assertThat(followed.sink().refused()).isEqualTo(5);
    }

    @Test
    void namesATopicThatIsNotThereAndGoesOnWhenItIsMade() throws Exception {
        topic = KafkaTopic.absent(kafka);
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var logger = (Logger) LoggerFactory.getLogger(SinkFollower.class);
        logger.addAppender(logged);
        open(topic.sink(vertx));
        followed.append(1, 700, "");
        eventually(() -> followed.progress().failures() > 1);
        logger.detachAppender(logged);
        kafka.create(topic.name(), 3, Map.of());
        followed.untilTaken();

        assertThat(logged.list.get(0).getFormattedMessage())
                .contains("sink kafka: a batch was not taken")
                .contains("topic \"" + topic.name() + "\" of " + kafka.address() + ": it is not there");
        topic.hasAll(700);
    }

    @Test
    void reachesBrokersThatWantTlsAndAPassword() throws Exception {
        topic = KafkaTopic.create(kafka, 1, Map.of());
        open(topic.sink(vertx, kafka.secureAddress(), secured()));
        followed.append(1, 10, "");
        followed.untilTaken();

        topic.hasAll(10);
    }

    @Test
    void sendsWhatIsInDoubtWhereItMayNotReadTheTopic() throws Exception {
        topic = KafkaTopic.create(kafka, 1, Map.of());
        kafka.allowWritingAlone(topic.name());
        open(topic.sink(vertx, kafka.secureAddress(), secured()));
        followed.append(1, 10, "");
        followed.untilTaken();
        followed.doubt(14, 16);
        followed.append(11, 20, "");
        followed.untilTaken();

        topic.hasAll(20);
        assertThat(followed.sink().unchecked()).isEqualTo(3);
    }

    private Map<String, String> secured() throws Exception {
        var secret = directory.resolve("secret.properties");
        Files.writeString(secret, "password=" + KafkaProcess.PASSWORD + "\n");
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                kafka.authority().toString(),
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + KafkaProcess.USER
                        + "\" password=\"${file:" + secret + ":password}\";",
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName());
    }

    /** Every seq is there once and in order, these as notes. */
    private void notesAre(int count, Integer... notes) {
        topic.hasAll(count);
        var messages = topic.messages();
        assertThat(messages).hasSize(count);
        assertThat(messages.stream()
                        .filter(message -> header(message, "refused") != null)
                        .map(message -> Integer.valueOf(header(message, "seq"))))
                .containsExactly(notes);
        assertThat(followed.sink().refused()).isEqualTo(notes.length);
    }

    private void open(int partitions, Map<String, String> settings) throws Exception {
        topic = KafkaTopic.create(kafka, partitions, settings);
        open(topic.sink(vertx));
    }

    private void open(KafkaSink sink) throws Exception {
        followed = FollowedLedger.open(vertx, directory.resolve("predictions"), LARGE, sink);
    }

    private Path onlySegment() throws Exception {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".ndjson"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
