package dev.augur.bridge;

import static dev.augur.testkit.TestServer.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.Scrape;
import dev.augur.testkit.TestServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of SockJS that send on, and read nothing of what answers them. */
class UnreadPongsTest {
    private static final int LARGEST = 125;
    private static final int ENOUGH_BYTES = 24 << 20; // more than the kernel holds for a connection

    private static TestServer server;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        port = ChildProcess.freePort();
        server = TestServer.start(
                "http.head-timeout=5s", "event-bus.sockjs.enabled=true", "event-bus.sockjs.port=" + port);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whoSendsPingsAndReadsNoPongIsCutOff() throws Exception {
        double before = tooSlow();
        try (var client = RawClient.narrow(port)) {
            upgrade(client);
            assertThat(isEndedBy(client, pings(LARGEST, 1_000))).isTrue();
        }
        eventually(() -> tooSlow() == before + 1);
        eventually(() -> meter("augur_bridge_connections") == 0);
    }

    @Test
    void whoReadsIsNot() throws Exception {
        double before = tooSlow();
        int count = 50_000;
        try (var client = new RawClient(port)) {
            upgrade(client);
            var pongs = CompletableFuture.supplyAsync(() -> read(client, 2 * count));
            client.send(pings(0, count));
            assertThat(pongs.get(60, TimeUnit.SECONDS)).isEqualTo(2 * count);
        }
        assertThat(tooSlow()).isEqualTo(before);
    }

    @Test
    void whoIsCutOffAndSendsOnLosesTheConnection() throws Exception {
        double before = tooSlow();
        try (var client = RawClient.narrow(port)) {
            upgrade(client);
            var refused = new JsonObject()
                    .put("type", "send")
                    .put("address", "nobody")
                    .put("replyAddress", "r".repeat(60_000));
            assertThat(isEndedSoon(client, text(refused.encode()))).isTrue();
        }
        eventually(() -> tooSlow() == before + 1);
        eventually(() -> meter("augur_bridge_connections") == 0);
    }

    /** Vert.x reads no further request until the answer to one is read. */
    @Test
    void whoBecomesNoClientAndReadsNothingIsEndedInTime() throws Exception {
        byte[] requests =
                "GET /eventbus/info HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_000).getBytes(UTF_8);
        try (var client = RawClient.narrow(port)) {
            assertThat(isEndedSoon(client, requests)).isTrue();
        }
    }

    private static int read(RawClient client, int bytes) {
        try {
            return client.read(bytes).length;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sooner than one that is silent, after a minute. */
    private static boolean isEndedSoon(RawClient client, byte[] bytes) throws Exception {
        return CompletableFuture.supplyAsync(() -> isEndedBy(client, bytes)).get(30, TimeUnit.SECONDS);
    }

    private static boolean isEndedBy(RawClient client, byte[] bytes) {
        try {
            for (int sent = 0; sent < ENOUGH_BYTES; sent += bytes.length) {
                client.send(bytes);
            }
            return false;
        } catch (IOException ended) {
            return true;
        }
    }

    private static void upgrade(RawClient client) throws IOException {
        client.send("GET /eventbus/websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
    }

    /** Frames with a mask of zeros. */
    private static byte[] pings(int bytes, int count) {
        var frames = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            frames.writeBytes(new byte[] {(byte) 0x89, (byte) (0x80 | bytes), 0, 0, 0, 0});
            frames.writeBytes(new byte[bytes]);
        }
        return frames.toByteArray();
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        var frame = Buffer.buffer(new byte[] {(byte) 0x81, (byte) 0xfe}).appendShort((short) bytes.length);
        return frame.appendInt(0).appendBytes(bytes).getBytes();
    }

    private static double tooSlow() throws Exception {
        return meter("augur_bridge_messages_total{outcome=\"too-slow\"}");
    }

    private static double meter(String name) throws Exception {
        return Scrape.value(server.get("/metrics").body(), name);
    }
}
