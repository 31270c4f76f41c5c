package dev.augur.http;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.augur.testkit.KafkaProcess;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is redacted is looked for in everything a node leaves behind. */
class RedactionTest {
    private static final String ITEM = "918273645";
    private static final String ALCOHOL = "13.98765";
    private static final String GIVEN = "12.87654";
    private static final String UNFIT = "unfit-31415";
    /** What is wrong in a file is told to its operator, with line and column. */
    private static final String CELL = "cell-27182";

    private static final int RECORDS = 12;

    @TempDir
    Path folder;

    /** Every line of the log, with the messages of what was thrown. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final Queue<String> texts = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            var thrown = event.getThrowableProxy();
            texts.add(event.getFormattedMessage() + (thrown == null ? "" : " " + thrown.getMessage()));
        }
    }

    @Test
    void whatIsRedactedStandsNowhere() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger("dev.augur");
        var lines = new Lines();
        var kafka = KafkaProcess.start();
        kafka.create("augur.predictions", 1, Map.of());
        var postgres = PostgresProcess.start();
        logger.addAppender(lines);
        logger.setLevel(Level.DEBUG);
        lines.start();
        try (var server = start(postgres, kafka)) {
            ask(server);
            eventually(() -> server.records().size() >= RECORDS);
            var records = server.records();
            assertThat(records.stream().map(record -> record.getString("status")))
                    .contains("OK", "CLIENT_ERROR", "FEATURES_UNAVAILABLE", "CANCELLED");
            assertThat(records.get(0).getJsonArray("redacted")).contains("item_id", "features.alcohol", "inputs");
            assertThat(records).allSatisfy(record -> {
                if (record.containsKey("error")) {
                    assertThat(record.getString("error")).isEqualTo("[redacted]");
                    assertThat(record.getJsonArray("redacted")).contains("error");
                }
            });
            noSecret(files(server.dataDirectory()));
            noSecret(rows(server, postgres));
            noSecret(messages(kafka));
            noSecret(lines.texts.stream().map(line -> line.replace(CELL, "")).toList());
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
            postgres.close();
            kafka.close();
        }
    }

    private TestServer start(PostgresProcess postgres, KafkaProcess kafka) throws Exception {
        var wine = Files.readAllLines(Path.of("conf/features/wine.csv"));
        var row = wine.get(1).split(",", 3);
        var file = Files.writeString(
                folder.resolve("wine.csv"),
                "%s\n%s,%s,%s\n%s1,%s,%s\n".formatted(wine.get(0), ITEM, ALCOHOL, row[2], ITEM, CELL, row[2]));
        return TestServer.start(
                "prediction-log.redact=item_id,features.alcohol",
                "feature-stores.wine.path=" + file,
                "double.delay-ms=1000",
                "prediction-log.postgres.enabled=true",
                "prediction-log.postgres.port=" + postgres.port(),
                "prediction-log.postgres.database=" + PostgresProcess.DATABASE,
                "prediction-log.postgres.user=" + PostgresProcess.USER,
                "prediction-log.postgres.password=" + PostgresProcess.PASSWORD,
                "prediction-log.kafka.enabled=true",
                "prediction-log.kafka.bootstrap-servers=" + kafka.address());
    }

    private static void ask(TestServer server) throws Exception {
        eventually(() -> !server.get("/health/ready").body().contains("not_ready"));
        var first = server.post("/predict/wine", "{\"item_id\":" + ITEM + "}");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        for (String body : List.of(
                "{\"item_id\":" + ITEM + ",\"features\":{\"alcohol\":" + GIVEN + "}}",
                "{\"item_id\":" + ITEM + ",\"features\":{\"alcohol\":\"" + UNFIT + "\"}}",
                "{\"item_id\":" + ITEM + "1}",
                "{\"item_id\":\"none-" + ITEM + "\"}",
                "{\"item_id\":[" + ITEM + "]}",
                "{\"item_id\":" + ITEM + ",\"" + ITEM + "\":1",
                "{\"items\":[{\"item_id\":{\"id\":" + ITEM + "}},\"" + ITEM + "\"]}")) {
            server.post("/predict/wine", body);
        }
        server.post("/double_recorded", "{\"item_id\":" + ITEM + ",\"feature_value\":1}");
        server.post("/double_recorded", "{\"item_id\":\"" + ITEM + "\",\"feature_value\":\"x\"}");
        try (var leaves = new RawClient(server.port())) {
            leaves.post("/double_recorded", "{\"item_id\":" + ITEM + ",\"feature_value\":1}");
        }
        server.get("/predictions?item_id=" + ITEM + "&limit=0");
    }

    private static List<String> files(Path data) throws Exception {
        var texts = new ArrayList<String>();
        try (var files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(file + " " + Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    private static List<String> rows(TestServer server, PostgresProcess postgres) throws Exception {
        eventually(() -> server.meter("augur_prediction_log_sink_records_total{sink=\"postgres\"}") >= RECORDS);
        var texts = new ArrayList<String>();
        postgres.execute(server.vertx(), "SELECT p::text FROM augur_predictions p")
                .forEach(row -> texts.add(row.getString(0)));
        assertThat(texts).hasSizeGreaterThanOrEqualTo(RECORDS);
        return texts;
    }

    private static List<String> messages(KafkaProcess kafka) throws Exception {
        eventually(() -> kafka.messages("augur.predictions").size() >= RECORDS);
        return kafka.messages("augur.predictions").stream()
                .map(message -> message.key() + " " + new String(message.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static void noSecret(List<String> texts) {
        assertThat(texts).isNotEmpty().allSatisfy(text -> assertThat(text)
                .doesNotContain(ITEM, UNFIT, ALCOHOL, GIVEN, CELL));
    }

    @Test
    void anInputTakesTheFeaturesItMayBeMadeOf() throws Exception {
        try (var server = TestServer.start("prediction-log.redact=inputs.features")) {
            eventually(() -> server.post("/predict/wine", "{\"item_id\":43}").statusCode() == 200);
            server.post("/predict/wine", "{\"item_id\":43,\"features\":{\"alcohol\":\"" + UNFIT + "\"}}");
            eventually(() ->
                    server.records().stream().anyMatch(record -> "CLIENT_ERROR".equals(record.getString("status"))));
            assertThat(server.records().stream()
                            .filter(record -> !record.getJsonArray("features").isEmpty()))
                    .isNotEmpty()
                    .allSatisfy(record -> assertThat(record.getJsonArray("features").stream()
                                    .map(feature -> ((JsonObject) feature).getString("value")))
                            .containsOnly("[redacted]"));
        }
    }
}
