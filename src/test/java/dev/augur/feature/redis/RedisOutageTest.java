package dev.augur.feature.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.feature.FeatureVector;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.testkit.Load;
import dev.augur.testkit.RedisProcess;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.junit5.VertxExtension;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RedisOutageTest {
    private static final int CONNECTIONS = 4;
    private static final RemoteLimits LIMITS = new RemoteLimits(CONNECTIONS, 50, 64, 1024, Duration.ofMillis(400));

    private Vertx vertx;
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private RedisProcess redis;
    private RedisFeatureStore store;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        vertx.exceptionHandler(uncaught::add);
        redis = RedisProcess.start();
        fill();
        store = store(redis.port());
    }

    @AfterEach
    void stop() throws Exception {
        TestServer.await(store.close());
        redis.close();
        TestServer.await(vertx.close());
        uncaught.removeIf(RedisOutageTest::assertionOfTheClient);
        assertThat(uncaught).isEmpty();
    }

    @Test
    void comesUpWhenTheServerDoes() throws Exception {
        redis.kill();
        assertThat(outcome(fetch())).contains("cannot connect");

        redis.launch();
        fill();

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
    }

    @Test
    void outlivesRestartsUnderLoad() throws Exception {
        var load = Load.start(vertx, store, 1L, 40);
        load.goesOn();

        redis.pause();
        load.fails();
        redis.kill();
        load.fails();
        // Empty at first, so the entity is unknown for a moment; the load would take that for an error.
        load.stop();
        redis.launch();
        fill();
        var after = Load.start(vertx, store, 1L, 40);
        after.goesOn();

        after.stop();
        assertThat(load.bugs()).isEmpty();
        assertThat(after.bugs()).isEmpty();
        assertThat(clients()).isBetween(1, CONNECTIONS);
    }

    @Test
    void boundsWhatWaitsForAFrozenServerAndReplacesItsConnections() throws Exception {
        assertThat(outcome(fetch())).isEqualTo("7");
        redis.pause();
        try {
            List<Future<Map<Object, FeatureVector>>> fetches =
                    IntStream.range(0, 2_000).mapToObj(i -> fetch()).toList();
            for (var fetch : fetches) {
                assertThat(outcome(fetch)).containsAnyOf("no answer within 400 ms", "too many fetches wait", "lost");
            }
            assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("too many fetches wait"));
            assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("no answer within"));
            assertThat(outcome(fetch())).contains("no answer within");
        } finally {
            redis.resume();
        }

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
        TestServer.eventually(() -> clients() <= CONNECTIONS);
    }

    @Test
    void failsWhenClosed() throws Exception {
        assertThat(outcome(fetch())).isEqualTo("7");

        TestServer.await(store.close());

        assertThat(outcome(fetch())).contains("it is closed");
        TestServer.eventually(() -> clients() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "*1\r\n$1\r\n7",
                "$5\r\nhello\r\n",
                "*1\r\n*1\r\n:7\r\n",
                ":7\r\n",
                "*-5\r\n",
                "$99999999999\r\n"
            })
    void garbageAndHalfAnswersAreFailures(String bytes) throws Exception {
        NetServer server = TestServer.await(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    boolean features = request.toString().contains("HMGET");
                    socket.write(
                            features
                                    ? bytes
                                    : request.toString().contains("HELLO") ? "%1\r\n$5\r\nproto\r\n:3\r\n" : "+OK\r\n");
                    if (features) {
                        socket.close();
                    }
                }))
                .listen(0, "127.0.0.1"));
        RedisFeatureStore other = store(server.actualPort());

        String outcome = outcome(other.fetch(Set.of(1L)));

        assertThat(outcome).contains("feature store \"wines\": ");
        TestServer.await(other.close());
        TestServer.await(server.close());
    }

    /**
     * The client asserts that a connection that failed is not closed afterwards, which happens; only tests enable
     * assertions.
     */
    private static boolean assertionOfTheClient(Throwable failure) {
        return failure instanceof AssertionError
                && failure.getStackTrace()[0].getClassName().startsWith("io.vertx.redis.");
    }

    private RedisFeatureStore store(int port) {
        var connect = RedisConnectConfig.of("127.0.0.1", port);
        return new RedisFeatureStore(
                vertx, new RedisStoreConfig("wines", connect, "wine:{id}", Map.of("n", FieldType.LONG), LIMITS));
    }

    private void fill() throws Exception {
        redis.command(vertx, Command.HSET, "wine:1", "n", "7");
    }

    private Future<Map<Object, FeatureVector>> fetch() {
        return store.fetch(Set.of(1L));
    }

    private static String outcome(Future<Map<Object, FeatureVector>> fetch) throws Exception {
        return TestServer.await(fetch.map(found -> found.containsKey(1L)
                        ? String.valueOf(found.get(1L).values().get("n"))
                        : "unknown")
                .otherwise(Throwable::getMessage));
    }

    /** Connections but for the one that asks. */
    private int clients() throws Exception {
        return (int) redis.command(vertx, Command.CLIENT, "LIST")
                        .toString()
                        .lines()
                        .filter(line -> line.contains("id="))
                        .count()
                - 1;
    }
}
