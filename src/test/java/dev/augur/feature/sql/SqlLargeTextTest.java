package dev.augur.feature.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.feature.remote.Secret;
import dev.augur.testkit.PostgresProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Texts of up to 100 MB in a real PostgreSQL. */
@ExtendWith(VertxExtension.class)
class SqlLargeTextTest {
    private static Vertx vertx;
    private static PostgresProcess postgres;

    private SqlFeatureStore store;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        SqlLargeTextTest.vertx = vertx;
        postgres = PostgresProcess.start();
        postgres.execute(
                vertx,
                "CREATE TABLE large (id bigint PRIMARY KEY, a text, b varchar, c char(9)); INSERT INTO large VALUES "
                        + "(1, repeat('x', 100000000), 'b', 'c'), (2, 'ä', repeat('x', 16384), 'c'), (3, NULL, NULL, NULL), "
                        + "(4, 'a', repeat('ä', 8193), 'c')");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void close() throws Exception {
        TestServer.await(store.close());
    }

    @Test
    void aTextThatIsTooLargeIsNotFetchedAndFailsItsEntityAlone() throws Exception {
        open(new SqlLookup.Table("large", "id", List.of()));
        for (int i = 0; i < 2; i++) { // the statement is another one once the columns are known
            var found = fetch(1L, 2L, 3L, 4L, 5L);
            assertThat(found).containsOnlyKeys(1L, 2L, 3L, 4L);
            assertThat(found.get(1L).fault())
                    .asString()
                    .contains("TOO_LARGE", "\"a\", which is larger than the 16384 bytes");
            assertThat(found.get(4L).fault())
                    .asString()
                    .contains("TOO_LARGE", "\"b\", which is larger than the 16384 bytes");
            assertThat(found.get(2L).values()).hasSize(3).containsEntry("c", "c        ");
            assertThat(found.get(3L).values()).isEmpty();
        }
    }

    @Test
    void theColumnMayHaveAnyName() throws Exception {
        open(new SqlLookup.Query("SELECT id, a AS \"A \"\"x\"\"'\" FROM large WHERE id = ANY($1)"));
        assertThat(fetch(1L).get(1L).fault()).asString().contains("TOO_LARGE", "A \"x\"'", "max-value-size");
    }

    private void open(SqlLookup lookup) {
        var login = new SqlConnectConfig.SqlLogin(PostgresProcess.USER, new Secret(PostgresProcess.PASSWORD));
        var connect = SqlConnectConfig.of("127.0.0.1", postgres.port(), PostgresProcess.DATABASE, login);
        store = new SqlFeatureStore(vertx, new SqlStoreConfig("large", connect, lookup, RemoteLimits.DEFAULT));
    }

    private Map<Object, FeatureVector> fetch(Object... keys) throws Exception {
        return TestServer.await(store.fetch(Set.of(keys)));
    }
}
