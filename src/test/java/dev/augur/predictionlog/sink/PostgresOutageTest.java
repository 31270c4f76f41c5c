package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.AugurProcess;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A table whose database is away or slow: every record arrives once, in order. */
@ExtendWith(VertxExtension.class)
class PostgresOutageTest {
    private static final String OUT_OF_ORDER =
            "SELECT count(*) FROM (SELECT first, last, rows, lag(last) OVER (ORDER BY place) AS before"
                    + " FROM (SELECT min(seq) AS first, max(seq) AS last, count(*) AS rows, min(ctid) AS place"
                    + " FROM augur_predictions GROUP BY xmin::text) AS statements) AS ordered"
                    + " WHERE first <> before + 1 OR last - first + 1 <> rows";

    private static Vertx vertx;
    private static PostgresProcess postgres;

    @TempDir
    Path directory;

    private FollowedLedger followed;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PostgresOutageTest.vertx = vertx;
        postgres = PostgresProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void close() throws Exception {
        if (followed != null) {
            followed.close();
        }
        sql("DROP TABLE IF EXISTS augur_predictions, augur_predictions_refused, augur_migrations");
    }

    @Test
    void losesNothingWhenTheServerIsStoppedAndKilledUnderLoad() throws Exception {
        open();
        var load = SteadyLoad.on(followed);
        untilRows(500);
        postgres.kill();
        untilFailed();
        postgres.launch();
        untilRows(1_000);
        postgres.stop();
        untilFailed();
        postgres.launch();
        untilRows(1_500);

        everythingArrives(load.end());
    }

    @Test
    void goesOnWhenAFrozenServerThaws() throws Exception {
        open();
        followed.append(1, 300, "");
        untilRows(300);
        postgres.pause();
        followed.append(301, 900, "");
        untilFailed();
        postgres.resume();

        everythingArrives(900);
    }

    @Test
    void waitsForALockedTable() throws Exception {
        open();
        followed.append(1, 300, "");
        untilRows(300);
        PgConnection other = await(PgConnection.connect(vertx, options()));
        await(other.query("BEGIN; LOCK TABLE augur_predictions IN ACCESS EXCLUSIVE MODE")
                .execute());
        followed.append(301, 900, "");
        untilFailed();
        await(other.query("ROLLBACK").execute());
        await(other.close());

        everythingArrives(900);
    }

    @Test
    void takesSmallerStepsWhereABatchTakesTooLong() throws Exception {
        open();
        followed.append(1, 1, "");
        untilRows(1);
        sql("CREATE FUNCTION slow() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END $$"
                + " LANGUAGE plpgsql; CREATE TRIGGER slow BEFORE INSERT ON augur_predictions FOR EACH ROW"
                + " EXECUTE FUNCTION slow()");
        followed.append(2, 300, ""); // a batch takes more than a second, the limit is 0.7

        everythingArrives(300);
        assertThat(followed.progress().failures()).isPositive();
        sql("DROP FUNCTION slow CASCADE");
    }

    @Test
    void anAbsentServerCostsDiskAndNoMemory() throws Exception {
        int records = 50_000;
        var padding = "x".repeat(700);
        postgres.stop();
        open();
        followed.append(1, 1_000, padding);
        untilFailed();
        long before = usedBytes();

        followed.append(1_001, records, padding);

        untilFailed();
        assertThat(followed.ledger().bytes()).isGreaterThan(50_000_000);
        assertThat(usedBytes() - before).isLessThan(15_000_000);
        assertThat(followed.progress().lagRecords()).isEqualTo(records);
        postgres.launch();
        everythingArrives(records);
    }

    @Test
    void losesNothingAndDoublesNothingWhenTheWriterIsKilled() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            try (var program = launch(round * 1_000_000)) {
                long enough = rows() + random.nextInt(1_000) + 1;
                eventually(() -> rows() >= enough || !program.alive());
                assertThat(program.alive()).as("%s", program.err()).isTrue();
                program.signal("KILL");
                assertThat(program.exitCode()).isEqualTo(137);
            }
        }
        open();
        followed.untilTaken();

        var ids = new ArrayList<String>();
        sql("SELECT record_id FROM augur_predictions ORDER BY seq").forEach(row -> ids.add(row.getString(0)));
        assertThat(ids)
                .as("seed %d", seed)
                .isEqualTo(TestServer.records(directory).stream()
                        .map(line -> line.getString("record_id"))
                        .toList());
    }

    private void open() throws Exception {
        followed = FollowedLedger.open(
                vertx,
                directory,
                LARGE,
                new PostgresSink(
                        vertx, PostgresSinkTest.config(postgres, PostgresProcess.USER, PostgresProcess.PASSWORD)));
    }

    private void untilRows(int count) throws Exception {
        eventually(() -> followed.progress().takenSeq() >= count);
    }

    private void untilFailed() throws Exception {
        long failures = followed.progress().failures();
        eventually(() -> followed.progress().failures() > failures + 1);
    }

    private void everythingArrives(int count) throws Exception {
        assertThat(followed.ledger().storedSeq()).isEqualTo(count);
        followed.untilTaken();
        assertThat(rows()).isEqualTo(count);
        assertThat(count(OUT_OF_ORDER)).isZero();
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
                        String.valueOf(postgres.port()),
                        PostgresProcess.USER,
                        PostgresProcess.PASSWORD,
                        PostgresProcess.DATABASE));
    }

    private static PgConnectOptions options() {
        return new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(postgres.port())
                .setDatabase(PostgresProcess.DATABASE)
                .setUser(PostgresProcess.USER)
                .setPassword(PostgresProcess.PASSWORD);
    }

    private static long rows() throws Exception {
        boolean there = sql("SELECT to_regclass('augur_predictions') IS NOT NULL")
                .iterator()
                .next()
                .getBoolean(0);
        return there ? count("SELECT count(*) FROM augur_predictions") : 0;
    }

    private static long count(String sql) throws Exception {
        return sql(sql).iterator().next().getLong(0);
    }

    private static RowSet<Row> sql(String sql) throws Exception {
        return postgres.execute(vertx, sql);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
