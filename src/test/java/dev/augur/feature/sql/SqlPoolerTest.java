package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.PoolerFront;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.pgclient.SslMode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL behind a pooler that refuses what it does not know of a connection's start. */
@ExtendWith(VertxExtension.class)
class SqlPoolerTest {
    private static Vertx vertx;
    private static PostgresProcess postgres;
    private static PoolerFront pooler;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        SqlPoolerTest.vertx = vertx;
        postgres = PostgresProcess.start();
        pooler = PoolerFront.start(vertx, postgres);
    }

    @AfterAll
    static void stop() throws Exception {
        pooler.close();
        postgres.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void connectsAndStillLimitsTheTimeOfAQuery(int pipelining) throws Exception {
        var connect = new SqlConnectConfig(
                "127.0.0.1",
                pooler.port(),
                PostgresProcess.DATABASE,
                PostgresProcess.USER,
                new Secret(PostgresProcess.PASSWORD),
                SslMode.PREFER,
                null,
                pipelining);
        var lookup = new SqlLookup.Query(
                "SELECT k AS id, 1.5 AS x, current_setting('statement_timeout') AS t FROM generate_series(1, 9) k WHERE k = ANY($1)");
        var limits = new RemoteLimits(2, 10, 100, 100, Duration.ofSeconds(7));
        var store = new SqlFeatureStore(vertx, new SqlStoreConfig("s", connect, lookup, limits));
        try {
            for (int i = 0; i < 20; i++) {
                Set<Object> keys = Set.of(1L, 2L);
                var found = TestServer.await(store.fetch(keys));
                assertThat(found.get(2L).values()).isEqualTo(Map.of("x", 1.5, "t", "7s"));
            }
            assertThat(pooler.refused()).isEmpty();
        } finally {
            TestServer.await(store.close());
        }
    }
}
