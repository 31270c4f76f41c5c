package dev.augur.http;

import static dev.augur.testkit.TestServer.await;
import static dev.augur.testkit.TestServer.eventually;
import static dev.augur.testkit.TestServer.within;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.error.ErrorCode;
import dev.augur.error.ServingException;
import dev.augur.request.BodyMemory;
import dev.augur.testkit.RawClient;
import dev.augur.testkit.TestServer;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The memory that bodies take, and how they are put together. */
class BodyMemoryTest {
    private static final int BLOCK =
            1 << 15; // the least that is left of a body here; netty keeps some bytes of its own
    private static final String INFER = "/v2/models/iris/infer";
    private static final String ANSWERED = "augur_http_requests_total{route=\"/v2/models/:model/infer\",status=\"";
    private static final String CHUNKED =
            "POST " + INFER + " HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String HEAD = "POST /v2/models/iris/infer HTTP/1.1\r\nHost: test\r\nContent-Length: ";

    @Test
    void aLengthThatFindsNoRoomIsRefusedBeforeItsBody() throws Exception {
        try (var server = TestServer.start("http.body-memory=1MiB");
                var first = new RawClient(server.port());
                var second = new RawClient(server.port());
                var third = new RawClient(server.port())) {
            var most = new byte[400 << 10];
            first.send(HEAD + (500 << 10) + "\r\n\r\n").send(most);
            second.send(HEAD + (500 << 10) + "\r\n\r\n").send(most);
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 2 * most.length);
            assertThat(third.send(HEAD + (500 << 10) + "\r\n\r\n").answer())
                    .startsWith("HTTP/1.1 429")
                    .containsIgnoringCase("retry-after")
                    .contains("http.body-memory");
            first.leave();
            second.leave();
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 0);
        }
    }

    @Test
    void aBodyThatNeverFindsRoomIsTooLarge() throws Exception {
        try (var server = TestServer.start("http.body-memory=1MiB");
                var client = new RawClient(server.port())) {
            assertThat(client.send(HEAD + (600 << 10) + "\r\n\r\n").answer()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void largeBodiesOnTheirWayLieOutsideTheHeapAndGo() throws Exception {
        long outside = outsideBytes();
        try (var server = TestServer.start("http.body-memory=256MiB", "http.max-inference-body=64MiB")) {
            long heap = heapBytes();
            var clients = new ArrayList<RawClient>();
            for (int client = 0; client < 4; client++) {
                clients.add(new RawClient(server.port())
                        .send(HEAD + (20 << 20) + "\r\n\r\n")
                        .send(new byte[12 << 20]));
            }
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 4 * (12 << 20));
            assertThat(outsideBytes() - outside).isGreaterThan(47L << 20);
            assertThat(keptBytes(server)).isZero();
            assertThat(heapBytes() - heap).isLessThan(24L << 20);
            clients.get(0).leave();
            assertThat(clients.get(1).send(new byte[8 << 20]).answer()).startsWith("HTTP/1.1 400");
            eventually(() -> outsideBytes() - keptBytes(server) - outside < 26L << 20);
            for (RawClient client : clients) {
                client.leave();
            }
            eventually(() -> outsideBytes() - keptBytes(server) - outside < BLOCK);
            assertThat(keptBytes(server)).isPositive();
            within(20, () -> keptBytes(server) == 0 && outsideBytes() - outside < BLOCK);
        }
    }

    @Test
    void whateverBecomesOfBodiesTheirMemoryComesBack() throws Exception {
        long outside = outsideBytes();
        try (var server = TestServer.start("http.body-memory=8MiB", "http.max-inference-body=4MiB")) {
            var clients = new ArrayList<RawClient>();
            for (int client = 0; client < 12; client++) { // 24 MiB
                clients.add(new RawClient(server.port()).send(HEAD + (3 << 20) + "\r\n\r\n"));
                offer(clients.get(client), new byte[2 << 20]);
            }
            eventually(() -> server.meter(ANSWERED + "429\"}") >= 8);
            assertThat(server.meter("augur_http_body_memory_bytes")).isLessThanOrEqualTo(8 << 20);
            for (RawClient client : clients) {
                client.leave();
            }
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 0);
            try (var endless = new RawClient(server.port())) {
                offer(
                        endless.send(CHUNKED),
                        ("100000\r\n" + "x".repeat(1 << 20) + "\r\n").repeat(5).getBytes(UTF_8));
                eventually(() -> server.meter(ANSWERED + "413\"}") == 1);
            }
            var client = http2(server);
            var stream = await(client.request(HttpMethod.POST, server.port(), "127.0.0.1", INFER));
            await(stream.setChunked(true).write(Buffer.buffer(new byte[1 << 15])));
            await(stream.write(Buffer.buffer(new byte[1 << 15])));
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 1 << 16);
            await(stream.reset());
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 0
                    && outsideBytes() - keptBytes(server) - outside < BLOCK);
            await(client.close()); // one that nobody holds closes itself
        }
    }

    /** Who is refused may be cut off before all is sent. */
    private static void offer(RawClient client, byte[] body) {
        try {
            client.send(body);
        } catch (IOException refused) {
            // the meters tell
        }
    }

    private static HttpClient http2(TestServer server) {
        return server.vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
    }

    @Test
    void compressedBodiesAreTooLargeOnlyIfTheyNeverFit() throws Exception {
        try (var server = TestServer.start("http.body-memory=1MiB");
                var other = new RawClient(server.port())) {
            var gzip = Map.of("Content-Encoding", "gzip");
            var never = server.postBytes("/v2/models/iris/infer", gzip(new byte[1 << 20]), gzip);
            assertThat(never.statusCode()).isEqualTo(413);
            assertThat(new String(never.body(), UTF_8)).contains("http.body-memory");
            assertThat(never.headers().firstValue("retry-after")).isEmpty();
            other.send(HEAD + (500 << 10) + "\r\n\r\n").send(new byte[400 << 10]);
            eventually(() -> server.meter("augur_http_body_memory_bytes") == 400 << 10);
            var later = server.postBytes("/v2/models/iris/infer", gzip(new byte[800 << 10]), gzip);
            assertThat(later.statusCode()).isEqualTo(429);
            assertThat(later.headers().firstValue("retry-after")).isPresent();
        }
    }

    @Test
    void aBodyThatWasDiscardedIsNotReadAndOneThatWasTakenNotDiscarded() {
        long outside = outsideBytes();
        var memory = BodyMemory.ofRequests(1 << 20);
        var share = memory.new Share();
        var left = body(100_000);
        left.discard();
        assertThatThrownBy(() -> left.whole(share))
                .isInstanceOfSatisfying(ServingException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        var taken = body(100_000);
        assertThat(taken.whole(share)).hasSize(200_000);
        taken.discard();
        assertThat(outsideBytes() - outside).isLessThan(BLOCK);
    }

    @Test
    void piecesOfAnySizeBecomeOneBody() {
        var memory = BodyMemory.ofRequests(1 << 20);
        var share = memory.new Share();
        var body = new ArrivedBody(new BlockStock(0));
        var expected = Buffer.buffer();
        for (int size = 1; size < 100_000; size = size * 2 + 1) {
            for (int piece = 0; piece < 3; piece++) {
                byte[] bytes = new byte[size];
                bytes[piece % size] = (byte) size;
                assertThat(share.take(size)).isTrue();
                body.add(Buffer.buffer(bytes));
                expected.appendBytes(bytes);
            }
        }
        assertThat(body.bytes()).isEqualTo(expected.length());
        assertThat(body.whole(share)).isEqualTo(expected.getBytes());
        assertThat(memory.takenBytes()).isEqualTo(expected.length());
        share.close();
        assertThat(memory.takenBytes()).isZero();
    }

    private static ArrivedBody body(int half) {
        var body = new ArrivedBody(new BlockStock(0));
        body.add(Buffer.buffer(new byte[half]));
        body.add(Buffer.buffer(new byte[half]));
        return body;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var coded = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(coded)) {
            out.write(plain);
        }
        return coded.toByteArray();
    }

    private static long outsideBytes() {
        return UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() + BlockStock.takenBytes();
    }

    private static long keptBytes(TestServer server) throws Exception {
        return (long) server.meter("augur_http_body_kept_bytes");
    }

    private static long heapBytes() {
        var heap = ManagementFactory.getMemoryMXBean();
        heap.gc();
        return heap.getHeapMemoryUsage().getUsed();
    }
}
