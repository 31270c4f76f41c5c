package dev.augur.feature.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.feature.FeatureLookup;
import dev.augur.feature.FeatureVector;
import dev.augur.feature.LookupConfig;
import dev.augur.feature.LookupSettings;
import dev.augur.feature.Lookups;
import dev.augur.feature.remote.RemoteLimits;
import dev.augur.testkit.Load;
import dev.augur.testkit.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
class HttpOutageTest {
    private static final int CONNECTIONS = 4;
    private static final RemoteLimits LIMITS = new RemoteLimits(CONNECTIONS, 50, 1, 1024, Duration.ofMillis(400));
    private static final String GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"n\": 7}";

    private Vertx vertx;
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private NetServer server;
    private int port;
    private HttpFeatureStore store;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        vertx.exceptionHandler(uncaught::add);
        serve(socket -> socket.write(GOOD));
        var url = UrlTemplate.of("http://127.0.0.1:" + port + "/{id}");
        store = new HttpFeatureStore(
                vertx,
                new HttpStoreConfig("wines", url, Map.of(), Map.of(), HttpStoreConfig.Responses.DEFAULT, LIMITS));
    }

    @AfterEach
    void stop() throws Exception {
        TestServer.await(store.close());
        TestServer.await(vertx.close());
        assertThat(uncaught).isEmpty();
    }

    @Test
    void comesUpWhenTheServerDoes() throws Exception {
        TestServer.await(server.close());
        assertThat(outcome(fetch())).contains("cannot connect");

        serve(socket -> socket.write(GOOD));

        TestServer.eventually(() -> outcome(fetch()).equals("7"));
    }

    @Test
    void isToldInOneLine() throws Exception {
        TestServer.await(server.close());
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var logger = (Logger) LoggerFactory.getLogger("dev.augur.feature");
        logger.addAppender(lines);
        try {
            var lookup = new FeatureLookup(
                    vertx,
                    "wines",
                    store,
                    LookupSettings.standard()
                            .withBreaker(new LookupConfig.Breaker(0, 1, Duration.ofSeconds(1)))
                            .config());
            for (long key = 0; key < 5; key++) {
                var row = Lookups.fetch(lookup, key, Set.of());
                TestServer.eventually(row::isComplete);
                assertThat(row.cause()).hasMessageContaining("cannot connect");
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list.stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN)))
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.getFormattedMessage()).contains("wines", "refused"));
    }

    @Test
    void outlivesRestartsUnderLoad() throws Exception {
        var load = Load.start(vertx, store, 1L, 40);
        load.goesOn();

        TestServer.await(server.close());
        load.fails();
        serve(socket -> socket.write(GOOD));
        load.goesOn();

        TestServer.eventually(() -> open.get() == CONNECTIONS);
        load.stop();
        assertThat(load.bugs()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n{\"n\": 7}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"n\": 7}\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "nonsense\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{\"n\": 7}\r\n",
                "+PONG\r\n",
                ""
            })
    void halfAnswersAreFailures(String bytes) throws Exception {
        TestServer.await(server.close());
        serve(socket -> socket.end(Buffer.buffer(bytes)));

        assertThat(outcome(fetch())).contains("feature store \"wines\": ");
    }

    @Test
    void boundsWhatWaitsForASilentServer() throws Exception {
        TestServer.await(server.close());
        serve(silent -> {});

        List<Future<Map<Object, FeatureVector>>> fetches =
                IntStream.range(0, 1_000).mapToObj(i -> fetch()).toList();
        TestServer.eventually(() -> open.get() == CONNECTIONS);
        for (var fetch : fetches) {
            assertThat(outcome(fetch)).containsAnyOf("no answer within 400 ms", "too many fetches wait");
        }
        assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("too many fetches wait"));
        assertThat(fetches).anySatisfy(fetch -> assertThat(outcome(fetch)).contains("no answer within"));
        TestServer.eventually(() -> open.get() <= CONNECTIONS);

        TestServer.await(server.close());
        serve(socket -> socket.write(GOOD));
        TestServer.eventually(() -> outcome(fetch()).equals("7"));
    }

    @Test
    void doesNotFollowASlowDripForLong() throws Exception {
        TestServer.await(server.close());
        serve(socket -> {
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
            long drip = vertx.setPeriodic(20, ignored -> socket.write("x"));
            socket.closeHandler(closed -> {
                vertx.cancelTimer(drip);
                open.decrementAndGet();
            });
        });

        assertThat(outcome(fetch())).contains("no answer within 400 ms");
        TestServer.eventually(() -> open.get() == 0);
    }

    @Test
    void failsWhenClosed() throws Exception {
        assertThat(outcome(fetch())).isEqualTo("7");

        TestServer.await(store.close());

        assertThat(outcome(fetch())).contains("feature store \"wines\": ");
        TestServer.eventually(() -> open.get() == 0);
    }

    private void serve(Handler<NetSocket> answer) throws Exception {
        var starting = vertx.createNetServer().connectHandler(socket -> {
            open.incrementAndGet();
            socket.closeHandler(closed -> open.decrementAndGet());
            socket.handler(request -> answer.handle(socket));
        });
        // The port of a server that was closed just now may be free a little later.
        TestServer.eventually(() ->
                TestServer.await(starting.listen(port, "127.0.0.1").map(true).otherwise(false)));
        server = starting;
        port = server.actualPort();
    }

    private Future<Map<Object, FeatureVector>> fetch() {
        return store.fetch(Set.of(1L));
    }

    private static String outcome(Future<Map<Object, FeatureVector>> fetch) throws Exception {
        return TestServer.await(
                fetch.map(found -> String.valueOf(found.get(1L).values().get("n")))
                        .otherwise(Throwable::getMessage));
    }
}
