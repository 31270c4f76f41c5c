package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.Load;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SqlOutageTest {
    private static final int CONNECTIONS = 4;
    private static final RemoteLimits LIMITS = new RemoteLimits(CONNECTIONS, 50, 64, 1024, Duration.ofMillis(400));

    private static Vertx vertx;
    private static PostgresProcess postgres;

    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private SqlFeatureStore store;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        SqlOutageTest.vertx = vertx;
        postgres = PostgresProcess.start();
        postgres.execute(vertx, "CREATE TABLE wine (id bigint PRIMARY KEY, n integer); INSERT INTO wine VALUES (1, 7)");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void close() throws Exception {
        TestServer.await(store.close());
        assertThat(uncaught).isEmpty();
    }

    @Test
    void comesUpWhenTheServerDoes() throws Exception {
        postgres.stop();
        open("SELECT id, n FROM wine WHERE id = ANY($1)");
        assertThat(outcome(fetch())).contains("cannot connect");

        postgres.launch();

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
    }

    @Test
    void outlivesRestartsUnderLoad() throws Exception {
        open("SELECT id, n FROM wine WHERE id = ANY($1)");
        var load = Load.start(vertx, store, 1L, 40);
        load.goesOn();

        postgres.stop();
        load.fails();
        postgres.launch();
        load.goesOn();
        postgres.kill();
        load.fails();
        postgres.launch();
        load.goesOn();

        load.stop();
        assertThat(load.bugs()).isEmpty();
        assertThat(serverConnections()).isBetween(1, CONNECTIONS);
    }

    @Test
    void boundsWhatWaitsForAFrozenServerAndReplacesItsConnections() throws Exception {
        open("SELECT id, n FROM wine WHERE id = ANY($1)");
        assertThat(outcome(fetch())).isEqualTo("7");
        postgres.pause();
        List<Future<Map<Object, FeatureVector>>> fetches;
        try {
            fetches = IntStream.range(0, 2_000).mapToObj(i -> fetch()).toList();
            for (var fetch : fetches) {
                assertThat(outcome(fetch)).containsAnyOf("no answer within 400 ms", "too many fetches wait", "lost");
            }
            assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("too many fetches wait"));
            assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("no answer within"));
            assertThat(outcome(fetch())).contains("no answer within");
        } finally {
            postgres.resume();
        }

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
        TestServer.eventually(() -> serverConnections() <= CONNECTIONS);
    }

    @Test
    void connectsAnewAfterAFrozenStart() throws Exception {
        postgres.pause();
        try {
            open("SELECT id, n FROM wine WHERE id = ANY($1)");
            assertThat(outcome(fetch())).contains("no answer within");
            assertThat(outcome(fetch())).contains("no answer within");
        } finally {
            postgres.resume();
        }

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
        TestServer.eventually(() -> serverConnections() <= CONNECTIONS);
    }

    @Test
    void endsSlowQueriesHereAndThere() throws Exception {
        open("SELECT id, n FROM wine, pg_sleep(30) WHERE id = ANY($1)");

        assertThat(outcome(fetch())).containsAnyOf("no answer within", "57014");

        TestServer.eventually(() -> queries("pg_sleep") == 0);
    }

    @Test
    void outlivesConnectionsThatTheServerEnds() throws Exception {
        open("SELECT id, n FROM wine WHERE id = ANY($1)");
        assertThat(outcome(fetch())).isEqualTo("7");

        postgres.execute(
                vertx,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        + " AND pid <> pg_backend_pid()");

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
    }

    @Test
    void failsWhenClosed() throws Exception {
        open("SELECT id, n FROM wine WHERE id = ANY($1)");
        assertThat(outcome(fetch())).isEqualTo("7");

        TestServer.await(store.close());

        assertThat(outcome(fetch())).contains("it is closed");
        TestServer.eventually(() -> serverConnections() == 0);
    }

    private void open(String query) {
        vertx.exceptionHandler(uncaught::add);
        var login = new SqlConnectConfig.SqlLogin(PostgresProcess.USER, new Secret(PostgresProcess.PASSWORD));
        var connect = SqlConnectConfig.of("127.0.0.1", postgres.port(), PostgresProcess.DATABASE, login);
        store = new SqlFeatureStore(vertx, new SqlStoreConfig("wines", connect, new SqlLookup.Query(query), LIMITS));
    }

    private Future<Map<Object, FeatureVector>> fetch() {
        return store.fetch(Set.of(1L));
    }

    private static String outcome(Future<Map<Object, FeatureVector>> fetch) throws Exception {
        return TestServer.await(
                fetch.map(found -> String.valueOf(found.get(1L).values().get("n")))
                        .otherwise(Throwable::getMessage));
    }

    private static int serverConnections() throws Exception {
        return count("pid <> pg_backend_pid()");
    }

    private static int queries(String part) throws Exception {
        return count("pid <> pg_backend_pid() AND state = 'active' AND query LIKE '%" + part + "%'");
    }

    private static int count(String condition) throws Exception {
        return postgres.execute(
                        vertx,
                        "SELECT count(*)::integer FROM pg_stat_activity WHERE backend_type = 'client backend' AND "
                                + condition)
                .iterator()
                .next()
                .getInteger(0);
    }
}
