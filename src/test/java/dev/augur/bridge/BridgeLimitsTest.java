package dev.augur.bridge;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Scrape;
import dev.augur.testkit.TcpClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client that means harm, or may not any more, gets from both bridges of a real server: little. */
class BridgeLimitsTest {
    private static final String SHOP = "shop.orders";
    private static final String PREDICTIONS = "augur.predictions";
    private static final int CONNECTIONS = 5;

    @TempDir
    static Path folder;

    private static KeyFile keys;
    private static TestServer server;
    private static int tcp;
    private static int sockJs;
    private static String boss;
    private static final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws Exception {
        tcp = ChildProcess.freePort();
        sockJs = ChildProcess.freePort();
        keys = new KeyFile(folder.resolve("keys.yaml"));
        boss = keys.create(new Principal("boss", Grants.ALL), null);
        server = TestServer.start(
                "access.keys=" + keys.path(),
                "http.head-timeout=2s",
                "event-bus.tcp.enabled=true",
                "event-bus.tcp.port=" + tcp,
                "event-bus.sockjs.enabled=true",
                "event-bus.sockjs.port=" + sockJs,
                "event-bus.bridge.inbound=shop.*",
                "event-bus.bridge.max-message=2KiB",
                "event-bus.bridge.max-connections=" + CONNECTIONS);
        server.vertx().eventBus().consumer(SHOP, message -> heard.add(message.body()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject message(String type, String address, String key) {
        return new JsonObject()
                .put("type", type)
                .put("address", address)
                .put("headers", new JsonObject().put("X-API-Key", key));
    }

    @Test
    void nothingOfAFrameTooLargeIsTaken() throws Exception {
        var order = message("send", SHOP, boss).put("body", "forged").encode();
        var errors = new ArrayList<JsonObject>();
        try (var client = new TcpClient(tcp)) {
            client.inOneFrame(1 << 20, order, order, "nonsense");
            errors.add(client.next());
            try {
                errors.add(client.next());
            } catch (EOFException | SocketException end) {
                assertThat(errors).hasSize(1); // and then it is closed
            }
        }
        assertThat(errors).extracting(each -> each.getInteger("failureCode")).containsExactly(413);
        try (var client = new TcpClient(tcp)) {
            client.send(message("send", SHOP, boss).put("body", "true")).send(new JsonObject().put("type", "ping"));
            assertThat(client.next()).isEqualTo(new JsonObject().put("type", "pong"));
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("true");
        }
    }

    @Test
    void whoNeverBecomesAClientIsBoundedInNumberAndTime() throws Exception {
        var browser = new Browser();
        var silent = new ArrayList<Socket>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                silent.add(connect());
            }
            say(silent.get(0), "GET /eventbus/info HTTP/1.1\r\nHost: x\r\n\r\nGET /eventbus/info HT");
            say(silent.get(1), "G");
            try (var further = connect()) {
                assertThat(isCut(further)).isTrue();
            }
            var last = silent.get(CONNECTIONS - 1);
            last.setSoTimeout(1);
            assertThatThrownBy(() -> isCut(last)).isInstanceOf(SocketTimeoutException.class);
            last.setSoTimeout(20_000);
            for (Socket each : silent) {
                assertThat(isCut(each)).isTrue();
            }
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
        browser.say(message("register", PREDICTIONS, "none"));
        assertThat(browser.next().getInteger("failureCode")).isEqualTo(401);
        browser.close();
    }

    /** In frames of SockJS, as pages of browsers have it. */
    @Test
    void aPageThatDoesNotReadIsCutOff() throws Exception {
        var deaf = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + sockJs + "/eventbus/000/deaf/websocket"), new Deaf())
                .get(20, TimeUnit.SECONDS);
        var register = message("register", PREDICTIONS, boss).encode();
        deaf.sendText(new JsonArray().add(register).encode(), /* last= */ true).get(20, TimeUnit.SECONDS);
        var line = new JsonObject().put("text", "x".repeat(1 << 17));
        double before = messages("delivered");
        for (int sent = 1; sent < 500 && messages("too-slow") == 0; sent++) {
            double each = sent;
            server.vertx().eventBus().publish(PREDICTIONS, line); // one at a time: many at once it would notice
            eventually(() -> messages("delivered") >= before + each || messages("too-slow") > 0);
        }
        assertThat(messages("too-slow")).isEqualTo(1);
        deaf.abort();
    }

    private static double messages(String outcome) throws Exception {
        var scraped = server.get("/metrics", Map.of("X-API-Key", boss));
        return Scrape.value(scraped.body(), "augur_bridge_messages_total{outcome=\"" + outcome + "\"}");
    }

    /** Asks for nothing that comes. */
    private static final class Deaf implements WebSocket.Listener {
        @Override
        public void onOpen(WebSocket socket) {}
    }

    @Test
    void aKeyThatIsRevokedEndsWhatItListensTo() throws Exception {
        String guest = keys.create(new Principal("guest", Grants.known(List.of("read"))), null);
        try (var client = new TcpClient(tcp);
                var other = new TcpClient(tcp)) {
            other.send(message("register", PREDICTIONS, boss));
            eventually(() -> listens(client, guest)); // the file is read within a second or two
            for (var listed : keys.list()) {
                if (listed.name().equals("guest")) {
                    keys.remove(listed.id());
                }
            }
            JsonObject ended = client.next();
            while (ended.getString("type").equals("message")) {
                ended = client.next();
            }
            assertThat(ended.getString("address")).isEqualTo(PREDICTIONS);
            assertThat(ended.getInteger("failureCode")).isEqualTo(401);
            assertThat(ended.getString("message"))
                    .isEqualTo("nothing of \"augur.predictions\" comes any more: the key is not known, or has expired");
            server.vertx().eventBus().publish(PREDICTIONS, new JsonObject().put("record_id", "late"));
            while (!"late".equals(other.next().getJsonObject("body").getString("record_id"))) {
                // those from before
            }
            client.send(new JsonObject().put("type", "ping"));
            assertThat(client.next().getString("type")).isEqualTo("pong");
        }
    }

    private static boolean listens(TcpClient client, String key) throws IOException {
        client.send(message("register", PREDICTIONS, key)).send(new JsonObject().put("type", "ping"));
        var first = client.next();
        if (first.getString("type").equals("pong")) {
            return true;
        }
        client.next(); // the ping's
        return false;
    }

    private static Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", sockJs);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static boolean isCut(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** A page's connection, as it comes without SockJS's own frames. */
    private static final class Browser implements WebSocket.Listener {
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final WebSocket socket;

        Browser() throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(Duration.ofSeconds(20))
                    .buildAsync(URI.create("ws://127.0.0.1:" + sockJs + "/eventbus/websocket"), this)
                    .get(20, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            answer.complete(text.toString());
            from.request(1);
            return null;
        }

        void say(JsonObject message) throws Exception {
            socket.sendText(message.encode(), /* last= */ true).get(20, TimeUnit.SECONDS);
        }

        JsonObject next() throws Exception {
            return new JsonObject(answer.get(20, TimeUnit.SECONDS));
        }

        void close() {
            socket.abort();
        }
    }
}
