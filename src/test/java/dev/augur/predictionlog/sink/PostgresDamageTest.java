package dev.augur.predictionlog.sink;

import static dev.augur.predictionlog.sink.FollowedLedger.LARGE;
import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.testkit.PostgresProcess;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * A table that somebody altered, or whose disk is full: the log names it, and when it is undone every record arrives
 * once.
 */
@ExtendWith(VertxExtension.class)
class PostgresDamageTest {
    private static final int FIRST = 100;
    private static final int ALL = 700;
    private static final long FULL_BYTES = 2 << 20;
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(SinkFollower.class);

    private static Vertx vertx;
    private static PostgresProcess postgres;

    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private FollowedLedger followed;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        PostgresDamageTest.vertx = vertx;
        postgres = PostgresProcess.start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() throws Exception {
        said.start();
        LOG.addAppender(said);
        followed = FollowedLedger.open(
                vertx,
                directory,
                LARGE,
                new PostgresSink(
                        vertx, PostgresSinkTest.config(postgres, PostgresProcess.USER, PostgresProcess.PASSWORD)));
    }

    @AfterEach
    void close() throws Exception {
        LOG.detachAppender(said);
        followed.close();
        postgres.execute(vertx, "DROP TABLE IF EXISTS augur_predictions, augur_predictions_refused, augur_migrations");
    }

    /** The server's processes may not make a file longer than 2 MiB, so the table cannot grow, as on a full disk. */
    @Test
    void waitsWhileTheDiskOfTheDatabaseIsFull() throws Exception {
        var padding = "x".repeat(1_000); // with more of it the rows would be compressed
        followed.append(1, FIRST, padding);
        untilTaken(FIRST);
        postgres.limitFiles(FULL_BYTES);
        followed.append(FIRST + 1, 3_000, padding);
        untilFailed();
        assertThat(followed.progress().takenSeq()).isBetween((long) FIRST, 2_000L);
        assertThat(postgres.execute(vertx, "SELECT pg_relation_size('augur_predictions')")
                        .iterator()
                        .next()
                        .getLong(0))
                .isBetween(FULL_BYTES / 2, FULL_BYTES);
        postgres.liftLimit();

        everythingArrives(3_000);
        assertThat(said()).contains("could not extend file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            DROP COLUMN model_version               | ADD COLUMN model_version text      | column "model_version"
            RENAME COLUMN status TO state           | RENAME COLUMN state TO status      | column "status"
            ALTER item_id TYPE bytea USING ''       | ALTER item_id TYPE text USING ''   | column "item_id" is of type bytea
            RENAME TO elsewhere                     | RENAME TO augur_predictions        | "augur_predictions" does not exist
            ALTER model TYPE varchar(2) USING 'a'   | ALTER model TYPE text              | value too long
            ALTER seq TYPE numeric(2) USING 1       | ALTER seq TYPE bigint              | numeric field overflow
            ALTER error_code SET NOT NULL, ALTER error_code TYPE text USING 'x' | ALTER error_code DROP NOT NULL | "error_code"
            ADD CONSTRAINT none CHECK (false) NOT VALID | DROP CONSTRAINT none | violates check constraint "none"
            """)
    void waitsUntilAnAlterationIsUndone(String done, String undone, String named) throws Exception {
        followed.append(1, FIRST, "");
        untilTaken(FIRST);
        alter("augur_predictions", done);
        followed.append(FIRST + 1, ALL, "");
        untilFailed();
        alter(done.equals("RENAME TO elsewhere") ? "elsewhere" : "augur_predictions", undone);

        everythingArrives(ALL);
        assertThat(said()).contains(named);
    }

    private static void alter(String table, String what) throws Exception {
        postgres.execute(vertx, "ALTER TABLE " + table + " " + what);
    }

    private String said() {
        return String.join(
                "\n", said.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    private void untilTaken(int seq) throws Exception {
        eventually(() -> followed.progress().takenSeq() >= seq);
    }

    private void untilFailed() throws Exception {
        long failures = followed.progress().failures();
        eventually(() -> followed.progress().failures() > failures + 1);
    }

    private void everythingArrives(int count) throws Exception {
        followed.untilTaken();
        assertThat(count("augur_predictions_refused")).isZero();
        assertThat(count("augur_predictions")).isEqualTo(count);
    }

    private static long count(String table) throws Exception {
        return postgres.execute(vertx, "SELECT count(*) FROM " + table)
                .iterator()
                .next()
                .getLong(0);
    }
}
