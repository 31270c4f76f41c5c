package dev.augur.bridge;

import static dev.augur.testkit.TestServer.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Rows;
import dev.augur.testkit.TcpClient;
import dev.augur.testkit.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are no Vert.x programs, on both bridges of a real server. */
class BridgeTest {
    private static final String WINE = "augur.pipelines.wine";
    private static final String CUT_OFF = "\naugur_bridge_messages_total{outcome=\"too-slow\"} 1.0";
    private static final JsonObject ITEM = new JsonObject().put("item_id", 43);

    @TempDir
    static Path folder;

    private static TestServer server;
    private static int tcp;
    private static int sockJs;
    private static String shop;

    @BeforeAll
    static void start() throws Exception {
        tcp = ChildProcess.freePort();
        sockJs = ChildProcess.freePort();
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        shop = keys.create(new Principal("shop", Grants.known(List.of("predict", "read"))), null);
        server = TestServer.start(
                "models.repository=" + Rows.repository(),
                "access.keys=" + keys.path(),
                "event-bus.tcp.enabled=true",
                "event-bus.tcp.port=" + tcp,
                "event-bus.sockjs.enabled=true",
                "event-bus.sockjs.port=" + sockJs,
                "event-bus.sockjs.origins=https://shop.example",
                "event-bus.bridge.max-message=2KiB",
                "event-bus.bridge.max-connections=5",
                "event-bus.bridge.max-in-flight=1",
                "models.by-name.broken_slow.workers=1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject message(String type, String address) {
        return new JsonObject()
                .put("type", type)
                .put("address", address)
                .put("headers", new JsonObject().put("X-API-Key", shop));
    }

    private static JsonObject ask(String address, JsonObject body, String answerTo) {
        return message("send", address).put("body", body).put("replyAddress", answerTo);
    }

    @Test
    void aClientOverTcpAsksAndListens() throws Exception {
        try (var client = new TcpClient(tcp)) {
            assertThat(client.send(new JsonObject().put("type", "ping")).next())
                    .isEqualTo(new JsonObject().put("type", "pong"));
            client.send(message("register", "augur.predictions"));
            client.send(ask(WINE, ITEM, "r1"));
            var seen = new ArrayList<JsonObject>(List.of(client.next(), client.next()));
            assertThat(seen)
                    .extracting(each -> each.getString("address"))
                    .containsExactlyInAnyOrder("r1", "augur.predictions");
            var answer = seen.stream()
                    .filter(each -> each.getString("address").equals("r1"))
                    .findFirst()
                    .orElseThrow();
            assertThat(answer.getString("type")).isEqualTo("message");
            assertThat(answer.getJsonObject("body").getString("label")).isEqualTo("class_1");
            var record = seen.stream()
                    .filter(each -> each != answer)
                    .findFirst()
                    .orElseThrow()
                    .getJsonObject("body");
            assertThat(record.getString("principal")).isEqualTo("shop");

            var failed = client.send(ask(WINE, new JsonObject(), "r2")).next();
            assertThat(failed.getString("address")).isEqualTo("r2");
            assertThat(failed.getString("type")).isEqualTo("err");
            assertThat(failed.getInteger("failureCode")).isEqualTo(422);
            assertThat(failed.getString("message")).isEqualTo("[body, item_id]: Field required");
        }
    }

    @Test
    void onlyWhatIsListedIsReached() throws Exception {
        try (var client = new TcpClient(tcp)) {
            for (String address : List.of("augur.prediction-log", "augur.predictions", "anything")) {
                var refused = client.send(ask(address, ITEM, "r")).next();
                assertThat(refused.getInteger("failureCode")).as(address).isEqualTo(403);
                assertThat(refused.getString("body")).isEqualTo("access_denied");
            }
            assertThat(client.send(message("register", WINE)).next().getInteger("failureCode"))
                    .isEqualTo(403);
        }
    }

    @Test
    void aKeyIsAskedForAndNobodyNamesHimself() throws Exception {
        try (var client = new TcpClient(tcp)) {
            var silent = ask(WINE, ITEM, "r").put("headers", new JsonObject().put("principal", "boss"));
            assertThat(client.send(silent).next().getInteger("failureCode")).isEqualTo(401);
            var wrong = ask(WINE, ITEM, "r").put("headers", new JsonObject().put("Authorization", "Bearer augur_no"));
            assertThat(client.send(wrong).next().getInteger("failureCode")).isEqualTo(401);
            var forged = ask(WINE, ITEM, "r");
            forged.getJsonObject("headers").put("principal", "boss").put("X-Request-Id", "forged");
            assertThat(client.send(forged).next().getString("type")).isEqualTo("message");
            eventually(() -> server.records().stream()
                    .anyMatch(record -> "forged".equals(record.getString("client_request_id"))
                            && "shop".equals(record.getString("principal"))));
        }
    }

    @Test
    void whatIsNoMessageIsToldAndAFrameTooLargeEnds() throws Exception {
        try (var client = new TcpClient(tcp)) {
            for (String text :
                    List.of("nonsense", "null", "7", "[]", "{}", "{\"type\":7}", "{\"type\":\"send\",\"address\":7}")) {
                assertThat(client.raw(text).next().getInteger("failureCode"))
                        .as(text)
                        .isEqualTo(400);
            }
            assertThat(client.send(new JsonObject().put("type", "fly").put("address", "a"))
                            .next()
                            .getString("message"))
                    .startsWith("\"type\" must be");
            var cut = client.announce(Integer.MAX_VALUE).next();
            assertThat(cut.getInteger("failureCode")).isEqualTo(413);
            assertThat(client.isCut()).isTrue();
        }
        try (var client = new TcpClient(tcp)) {
            var cut = client.announce(-1).next();
            assertThat(cut.getInteger("failureCode")).isEqualTo(413);
            assertThat(cut.getString("message")).endsWith("found 4294967295");
        }
    }

    @Test
    void requestsOfAConnectionAreBounded() throws Exception {
        var endless = new JsonObject(
                "{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[1000000000]}]}");
        try (var client = new TcpClient(tcp)) {
            var slow = ask("augur.models.broken_slow", endless, "slow");
            slow.getJsonObject("headers").put("timeout", "2s");
            client.send(slow).send(ask(WINE, ITEM, "more"));
            var refused = client.next();
            assertThat(refused.getString("address")).isEqualTo("more");
            assertThat(refused.getInteger("failureCode")).isEqualTo(429);
            assertThat(client.next().getString("address")).isEqualTo("slow");
            assertThat(client.send(ask(WINE, ITEM, "again")).next().getString("type"))
                    .isEqualTo("message");
        }
    }

    @Test
    void whoDoesNotReadIsCutOff() throws Exception {
        eventually(BridgeTest::nobodyIsConnected);
        var line = new JsonObject().put("text", "x".repeat(1 << 20));
        try (var deaf = new TcpClient(tcp)) {
            deaf.send(message("register", "augur.predictions"));
            eventually(() -> {
                server.vertx().eventBus().publish("augur.predictions", line);
                return metrics().contains(CUT_OFF);
            });
            server.vertx().eventBus().publish("augur.predictions", line); // and it is sent nothing any more
        }
        eventually(BridgeTest::nobodyIsConnected);
        assertThat(metrics()).contains(CUT_OFF);
    }

    @Test
    void whatCannotBeCarriedIsTold() throws Exception {
        try (var client = new TcpClient(tcp)) {
            var soon = ask(WINE, ITEM, "r");
            soon.getJsonObject("headers").put("timeout", "soon");
            assertThat(client.send(soon).next().getString("message")).startsWith("timeout must be a time");
            var huge = "{\"type\":\"send\",\"address\":\"augur.models.iris\",\"replyAddress\":\"r\",\"body\":"
                    + "1".repeat(60) + ",\"headers\":{\"X-API-Key\":\"" + shop + "\"}}";
            assertThat(client.raw(huge).next().getInteger("failureCode")).isBetween(400, 415);
            assertThat(client.send(ask(WINE, ITEM, "r")).next().getString("type"))
                    .isEqualTo("message");
        }
    }

    @Test
    void aBrowserAsksOverSockJs() throws Exception {
        var browser = new Browser("https://shop.example");
        browser.send(new JsonObject().put("type", "ping")); // which has no answer there
        browser.send(ask(WINE, ITEM, "r1"));
        var answer = browser.next();
        assertThat(answer.getString("type")).isEqualTo("rec");
        assertThat(answer.getJsonObject("body").getString("label")).isEqualTo("class_1");
        assertThatThrownBy(() -> new Browser("https://evil.example"))
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        browser.close();
        eventually(() -> nobodyIsConnected());
    }

    @Test
    void connectionsAreBounded() throws Exception {
        eventually(() -> nobodyIsConnected());
        var open = new ArrayList<TcpClient>();
        try {
            for (int i = 0; i < 5; i++) {
                open.add(new TcpClient(tcp));
                open.get(i).send(new JsonObject().put("type", "ping")).next();
            }
            try (var one = new TcpClient(tcp)) {
                assertThat(one.isCut()).isTrue();
            }
        } finally {
            for (TcpClient client : open) {
                client.close();
            }
        }
        eventually(() -> nobodyIsConnected());
    }

    private static boolean nobodyIsConnected() throws Exception {
        return metrics().contains("\naugur_bridge_connections 0.0");
    }

    private static String metrics() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.server().url().orElseThrow() + "/metrics"))
                .header("X-API-Key", shop)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** A page's connection, as it comes without SockJS's own frames. */
    private static final class Browser implements WebSocket.Listener {
        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();
        private final WebSocket socket;

        Browser(String origin) throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .header("Origin", origin)
                    .buildAsync(URI.create("ws://127.0.0.1:" + sockJs + "/eventbus/websocket"), this)
                    .get(20, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            if (last) {
                messages.add(part.toString());
                part.setLength(0);
            }
            from.request(1);
            return null;
        }

        void send(JsonObject message) throws Exception {
            socket.sendText(message.encode(), /* last= */ true).get(20, TimeUnit.SECONDS);
        }

        JsonObject next() throws Exception {
            String text = messages.poll(20, TimeUnit.SECONDS);
            if (text == null) {
                throw new IOException("no message came");
            }
            return new JsonObject(text);
        }

        void close() {
            socket.abort();
        }
    }
}
