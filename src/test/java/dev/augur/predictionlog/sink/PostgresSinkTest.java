package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.PoolerFront;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class PostgresSinkTest {
    private static Vertx vertx;
    private static PostgresProcess postgres;

    @TempDir
    Path directory;

    private FollowedLedger followed;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PostgresSinkTest.vertx = vertx;
        postgres = PostgresProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() throws Exception {
        followed = FollowedLedger.open(vertx, directory, LARGE, sink(postgres));
    }

    @AfterEach
    void close() throws Exception {
        followed.close();
        sql("DROP TABLE IF EXISTS augur_predictions, augur_predictions_refused, augur_migrations");
    }

    @Test
    void fillsTypedColumnsAndTheWholeRecord() throws Exception {
        followed.append("a");
        followed.untilTaken();

        var row = sql("SELECT * FROM augur_predictions").iterator().next();
        assertThat(row.getString("record_id")).isEqualTo("a");
        assertThat(row.getString("writer")).isEqualTo(followed.ledger().writer());
        assertThat(row.getLong("seq")).isEqualTo(1);
        assertThat(row.getOffsetDateTime("received_at")).isEqualTo(OffsetDateTime.parse("2026-01-02T03:04:05.000006Z"));
        assertThat(row.getOffsetDateTime("responded_at")).isNull();
        assertThat(row.getString("item_id")).isEqualTo("43");
        assertThat(row.getString("model")).isEqualTo("wine");
        assertThat(row.getString("model_version")).isEqualTo("2");
        assertThat(row.getString("status")).isEqualTo("OK");
        assertThat(row.getJson("record"))
                .isEqualTo(TestServer.records(directory).get(0));
    }

    @Test
    void writesThroughAPoolerThatRefusesParametersOfTheStart() throws Exception {
        followed.close();
        try (var pooler = PoolerFront.start(vertx, postgres)) {
            var direct = config(postgres, PostgresProcess.USER, PostgresProcess.PASSWORD);
            var config = new PostgresConfig(
                    new PostgresConfig.Address("127.0.0.1", pooler.port(), PostgresProcess.DATABASE),
                    direct.login(),
                    new PostgresConfig.Encryption(SslMode.PREFER, Optional.empty()),
                    direct.table(),
                    direct.limits());
            followed = FollowedLedger.open(vertx, directory, LARGE, new PostgresSink(vertx, config));
            followed.append("a");
            followed.untilTaken();
            followed.close();
            assertThat(pooler.refused()).isEmpty();
        }
        assertThat(texts("SELECT record_id FROM augur_predictions")).containsExactly("a");
        open();
    }

    @Test
    void aViewJoinsOutcomesWithTheirPredictions() throws Exception {
        followed.append("a");
        followed.append("b");
        followed.store(List.of(FollowedLedger.entry(
                "c",
                "{\"record_id\":\"c\",\"type\":\"outcome\",\"prediction_id\":\"a\",\"received_at\":\"2026-01-03T00:00:00Z\","
                        + "\"observed_at\":\"2026-01-02T00:00:00Z\",\"outcome\":{\"class\":2}}")));
        followed.untilTaken();

        assertThat(texts("SELECT concat_ws(' ', record_id, item_id, outcome, outcome_id, observed_at IS NOT NULL)"
                        + " FROM augur_predictions_with_outcomes ORDER BY record_id"))
                .containsExactly("a 43 {\"class\": 2} c t", "b 43 f");
        sql("DROP TABLE augur_predictions; DROP TABLE augur_predictions_refused");
    }

    @Test
    void leavesARecordThatIsThereAsItIs() throws Exception {
        followed.append("a");
        followed.untilTaken();
        followed.close();
        Files.delete(followed.cursorFile());

        open();
        followed.append("b");
        followed.untilTaken();

        assertThat(followed.progress().records()).isEqualTo(2);
        assertThat(texts("SELECT record_id FROM augur_predictions ORDER BY seq"))
                .containsExactly("a", "b");
    }

    @Test
    void holdsARecordOnceThatTwoWritersHave() throws Exception {
        var ids = IntStream.range(0, 200).mapToObj(i -> "r" + i).collect(Collectors.toCollection(ArrayList::new));
        followed.close();
        followed = FollowedLedger.open(vertx, directory, LARGE, patientSink());
        followed.append("own");
        followed.untilTaken();
        var other = FollowedLedger.open(vertx, directory, LARGE, patientSink());
        other.append("other");
        other.untilTaken();
        sql("CREATE FUNCTION slow() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.002); RETURN NEW; END $$"
                + " LANGUAGE plpgsql; CREATE TRIGGER slow BEFORE INSERT ON augur_predictions FOR EACH ROW"
                + " EXECUTE FUNCTION slow()"); // both statements are under way at the same time
        followed.append(ids.toArray(String[]::new));
        Collections.reverse(ids);
        other.append(ids.toArray(String[]::new));
        followed.untilTaken();
        other.untilTaken();

        assertThat(other.ledger().writer()).isNotEqualTo(followed.ledger().writer());
        assertThat(texts("SELECT count(*) || ' ' || count(DISTINCT record_id) FROM augur_predictions"))
                .containsExactly("202 202");
        assertThat(List.of(followed.progress().failures(), other.progress().failures()))
                .as("neither waits for the other in a circle")
                .containsOnly(0L);
        other.close();
        sql("DROP FUNCTION slow CASCADE");
    }

    /** One that waits for as long as two statements may wait for one another. */
    private static PostgresSink patientSink() {
        var config = config(postgres, PostgresProcess.USER, PostgresProcess.PASSWORD);
        var limits = new SinkLimits(500, Duration.ofSeconds(20), Duration.ofMillis(200));
        return new PostgresSink(
                vertx,
                new PostgresConfig(config.address(), config.login(), config.encryption(), config.table(), limits));
    }

    @Test
    void replacesNulWhichTheTableCannotHold() throws Exception {
        followed.store(List.of(FollowedLedger.entry(
                "a",
                "{\"record_id\":\"a\",\"item_id\":\"x\\u0000y\",\"inputs\":{\"k\\u0000\":\"\\\\u0000 \\u0000\"}}")));
        followed.untilTaken();

        assertThat(texts("SELECT item_id FROM augur_predictions")).containsExactly("x\ufffdy");
        var record = (JsonObject)
                sql("SELECT record FROM augur_predictions").iterator().next().getJson("record");
        assertThat(record.getJsonObject("inputs")).isEqualTo(new JsonObject().put("k\ufffd", "\\u0000 \ufffd"));
        assertThat(altered()).isEqualTo(1);
    }

    @Test
    void cutsValuesThatNoIndexHolds() throws Exception {
        var random = new Random(1);
        var large = new StringBuilder();
        random.ints(5_000, 0x4e00, 0x9fff).forEach(large::appendCodePoint);
        followed.store(List.of(
                FollowedLedger.entry("a", "{\"record_id\":\"a\",\"item_id\":\"" + large + "\"}"),
                FollowedLedger.entry("b", "{\"record_id\":\"b\",\"item_id\":{\"n\":[1,null]}}")));
        followed.untilTaken();
        assertThat(texts("SELECT item_id FROM augur_predictions ORDER BY seq"))
                .containsExactly(large.substring(0, 600), "{\"n\":[1,null]}");
        assertThat(texts("SELECT record->>'item_id' FROM augur_predictions WHERE record_id = 'a'"))
                .containsExactly(large.toString());
    }

    @Test
    void setsASingleRefusedRecordAside() throws Exception {
        followed.append("a", "b");
        followed.store(List.of(
                FollowedLedger.entry("surrogate", "{\"record_id\":\"surrogate\",\"x\":\"\\ud800\"}"),
                FollowedLedger.record("c", ""),
                FollowedLedger.entry("time", "{\"record_id\":\"time\",\"received_at\":\"yesterday or so\"}"),
                FollowedLedger.entry("number", "{\"record_id\":\"number\",\"x\":1e200000}")));
        followed.append("d");
        followed.untilTaken();

        assertThat(texts("SELECT record_id FROM augur_predictions ORDER BY seq"))
                .containsExactly("a", "b", "c", "d");
        assertThat(texts("SELECT record_id FROM augur_predictions_refused ORDER BY seq"))
                .containsExactly("surrogate", "time", "number");
        assertThat(texts("SELECT convert_from(line, 'UTF8') FROM augur_predictions_refused WHERE record_id = 'time'"))
                .singleElement()
                .asString()
                .contains("\"yesterday or so\"")
                .contains("\"seq\":5,");
        assertThat(refused()).isEqualTo(3);
    }

    @Test
    void bringsAnOlderTableUpToDate() throws Exception {
        followed.close();
        sql("DROP TABLE IF EXISTS augur_predictions, augur_predictions_refused, augur_migrations");
        sql(new PostgresTable("augur_predictions").steps().get(0)
                + "; CREATE TABLE augur_migrations (table_name text, version integer,"
                + " applied_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (table_name, version));"
                + " INSERT INTO augur_migrations VALUES ('augur_predictions', 1)");

        open();
        followed.append("a");
        followed.untilTaken();

        assertThat(texts("SELECT version::text FROM augur_migrations ORDER BY version"))
                .containsExactly("1", "2");
        assertThat(texts("SELECT count(*)::text FROM augur_predictions_refused"))
                .containsExactly("0");
    }

    @Test
    void nodesThatStartTogetherMakeOneTable() throws Exception {
        var sinks = IntStream.range(0, 6).mapToObj(i -> sink(postgres)).toList();

        await(Future.all(
                sinks.stream().map(sink -> sink.write(sink.prepare(List.of()))).toList()));

        await(Future.all(sinks.stream().map(Sink::close).toList()));
        assertThat(texts("SELECT count(*)::text FROM augur_migrations")).containsExactly("2");
    }

    @Test
    void makesTheTableAgainThatSomebodyDropped() throws Exception {
        followed.append("a");
        followed.untilTaken();
        sql("DROP TABLE augur_predictions, augur_predictions_refused");

        followed.append("b");

        followed.untilTaken();
        assertThat(texts("SELECT record_id FROM augur_predictions")).containsExactly("b");
    }

    @Test
    void writesWithNoOtherRightsThanThoseItNeeds() throws Exception {
        followed.append("a");
        followed.untilTaken();
        followed.close();
        sql(
                "CREATE ROLE writer LOGIN PASSWORD 'w'; GRANT SELECT, INSERT ON augur_predictions, augur_predictions_refused,"
                        + " augur_migrations TO writer; REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        followed =
                FollowedLedger.open(vertx, directory, LARGE, new PostgresSink(vertx, config(postgres, "writer", "w")));
        followed.append("b");
        followed.untilTaken();

        assertThat(texts("SELECT record_id FROM augur_predictions ORDER BY seq"))
                .containsExactly("a", "b");
        followed.close();
        sql("DROP OWNED BY writer; DROP ROLE writer");
    }

    static PostgresSink sink(PostgresProcess postgres) {
        return new PostgresSink(vertx, config(postgres, PostgresProcess.USER, PostgresProcess.PASSWORD));
    }

    static PostgresConfig config(PostgresProcess postgres, String user, String password) {
        return new PostgresConfig(
                new PostgresConfig.Address("127.0.0.1", postgres.port(), PostgresProcess.DATABASE),
                new PostgresConfig.Login(user, Optional.of(password)),
                new PostgresConfig.Encryption(SslMode.VERIFY_CA, Optional.of(postgres.authority())),
                "augur_predictions",
                new SinkLimits(500, Duration.ofMillis(700), Duration.ofMillis(200)));
    }

    private long refused() {
        return followed.sink().refused();
    }

    private long altered() {
        return followed.sink().altered();
    }

    private static List<String> texts(String sql) throws Exception {
        return StreamSupport.stream(sql(sql).spliterator(), false)
                .map(row -> row.getString(0))
                .toList();
    }

    private static RowSet<Row> sql(String sql) throws Exception {
        return postgres.execute(vertx, sql);
    }
}
