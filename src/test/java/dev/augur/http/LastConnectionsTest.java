package dev.augur.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.augur.Server;
import dev.augur.config.ConfigLoader;
import dev.augur.testkit.TestServer;
import io.netty.bootstrap.ServerBootstrap;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A server that stops while clients keep connecting. */
class LastConnectionsTest {
    private static final int CLIENTS = 8;

    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerBootstrap.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(logged);
    }

    @RepeatedTest(5)
    void areRefusedWithoutAWord() throws Exception {
        var over = new AtomicBoolean();
        List<CompletableFuture<Void>> clients;
        try (var server = TestServer.start()) {
            int port = server.port();
            clients = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> CompletableFuture.runAsync(() -> connect(port, over)))
                    .toList();
            server.get("/health/live");
        }
        over.set(true);
        clients.forEach(CompletableFuture::join);
        assertThat(logged.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
    }

    @Test
    void areTakenByAnotherServerWithTheSameOptions(@TempDir Path directory) throws Exception {
        try (var server = TestServer.start()) {
            var config = ConfigLoader.load(
                    Map.of(), Map.of("http.port", "0", "shutdown.pause", "0", "data.directory", directory.toString()));
            var other = TestServer.await(Server.start(server.vertx(), config));
            TestServer.await(other.stop());
            for (int i = 0; i < 3; i++) {
                try (var client = new Socket("127.0.0.1", server.port())) {
                    client.getOutputStream()
                            .write("GET /health/live HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.0 200");
                }
            }
        }
    }

    private static void connect(int port, AtomicBoolean over) {
        while (!over.get()) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write('G');
            } catch (IOException refused) {
                Thread.onSpinWait();
            }
        }
    }
}
