package dev.augur.bridge.run;

import static dev.augur.testkit.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.augur.access.Grants;
import dev.augur.access.KeyFile;
import dev.augur.access.Principal;
import dev.augur.testkit.ChildProcess;
import dev.augur.testkit.Chromium;
import dev.augur.testkit.NpmClients;
import dev.augur.testkit.TestServer;
import dev.augur.testkit.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public clients of Vert.x's bridges, from npm, in Node and in a browser, on the bridge of a real server. */
@ExtendWith(VertxExtension.class)
class BridgeClientsTest {
    private static final String NEW_CLIENT = "@vertx/eventbus-bridge-client.js";
    private static final String OLD_CLIENT = "vertx3-eventbus-client";
    private static final String PAGE =
            """
            <!DOCTYPE html><meta charset="utf-8"><title>client</title>
            <script src="sockjs.js"></script><script src="client.js"></script><script src="scenario.js"></script>
            """;

    private static final String OPENS =
            """
            url => new Promise(resolve => {
              const bus = new EventBus(url);
              bus.onopen = () => resolve('open');
              bus.onclose = () => resolve('closed');
            })""";

    @TempDir
    static Path folder;

    private static final Set<NetSocket> connections = ConcurrentHashMap.newKeySet();
    private static NpmClients npm;
    private static TestServer server;
    private static int sockJs;
    private static int pages;
    private static Tokens issuer;
    private static JsonObject place;

    @BeforeAll
    static void start(Vertx vertx) throws Exception {
        npm = NpmClients.install();
        sockJs = ChildProcess.freePort();
        pages = await(vertx.createHttpServer()
                        .requestHandler(BridgeClientsTest::page)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        var front = await(vertx.createNetServer()
                .connectHandler(client -> lead(vertx, client))
                .listen(0, "127.0.0.1"));
        var keys = new KeyFile(folder.resolve("keys.yaml"));
        place = new JsonObject()
                .put("bridge", "http://127.0.0.1:" + front.actualPort() + "/eventbus")
                .put("pages", "http://127.0.0.1:" + pages)
                .put(
                        "shop",
                        keys.create(new Principal("shop", Grants.known(List.of("predict", "read", "admin"))), null))
                .put("nobody", keys.create(new Principal("nobody", Grants.known(List.of("predict:iris"))), null));
        issuer = new Tokens();
        var jwks = Files.writeString(folder.resolve("jwks.json"), issuer.jwks().encode());
        server = TestServer.start(
                "access.keys=" + keys.path(),
                "access.jwt.jwks=" + jwks,
                "event-bus.sockjs.enabled=true",
                "event-bus.sockjs.port=" + sockJs,
                "event-bus.sockjs.origins=http://127.0.0.1:" + pages,
                "event-bus.bridge.inbound=augur.models.*,augur.pipelines.*,shop.*",
                "event-bus.bridge.outbound=augur.predictions,shop.news");
        var bus = server.vertx().eventBus();
        bus.consumer("shop.ask", asked -> {
            bus.publish("shop.news", new JsonObject().put("text", "for nobody"));
            asked.reply("told");
        });
        bus.consumer("shop.never", asked -> {});
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void page(HttpServerRequest request) {
        var response = request.response();
        switch (request.path().substring(request.path().lastIndexOf('/') + 1)) {
            case "sockjs.js" ->
                response.sendFile(npm.file("sockjs-client/dist/sockjs.js").toString());
            case "client.js" -> {
                String client = request.path().startsWith("/old") ? OLD_CLIENT : NEW_CLIENT;
                response.sendFile(npm.file(client + "/vertx-eventbus.js").toString());
            }
            case "scenario.js" -> response.sendFile("src/test/npm/scenario.js");
            case "cut" -> {
                connections.forEach(NetSocket::close);
                response.end();
            }
            default -> response.putHeader("Content-Type", "text/html").end(PAGE);
        }
    }

    /** To the bridge, as a proxy does whose connections can be cut. */
    private static void lead(Vertx vertx, NetSocket client) {
        client.pause();
        connections.add(client);
        client.closeHandler(closed -> connections.remove(client));
        vertx.createNetClient().connect(sockJs, "127.0.0.1").onSuccess(bridge -> {
            client.pipeTo(bridge);
            bridge.pipeTo(client);
        });
    }

    /** Where to go, with a token that is new, so that it takes a moment to check it. */
    private static String place() {
        var claims = new JsonObject()
                .put("sub", UUID.randomUUID().toString())
                .put("scope", "predict read admin")
                .put("exp", Instant.now().getEpochSecond() + 600);
        return place.copy().put("token", issuer.sign("RS256", claims)).encode();
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW_CLIENT, OLD_CLIENT})
    void aProgramInNodeAsksListensAndComesBack(String client) throws Exception {
        var lines = npm.node("run.js", client, place()).lines().toList();
        check(new JsonObject(lines.get(lines.size() - 1)));
    }

    @Test
    void aPageAsksListensAndComesBack() throws Exception {
        try (var chromium = Chromium.start();
                var visit = chromium.visit("http://127.0.0.1:" + pages + "/new/")) {
            var page = visit.page();
            check(seen(page));
            page.navigate("http://127.0.0.1:" + pages + "/old/");
            check(seen(page));
            page.navigate("http://localhost:" + pages + "/new/"); // which is no origin that is listed
            assertThat(page.evaluate(OPENS, place.getString("bridge"))).isEqualTo("closed");
        }
    }

    private static JsonObject seen(Page page) {
        Object seen = page.evaluate(
                "place => scenario(EventBus, JSON.parse(place)).then(seen => JSON.stringify(seen))", place());
        return new JsonObject((String) seen);
    }

    private static void check(JsonObject seen) {
        assertThat(seen.getJsonArray("unhandled")).as("%s", seen).isEqualTo(new JsonArray());
        assertThat(seen.getString("transport")).isEqualTo("websocket");
        assertThat(seen.getString("label")).isEqualTo("class_1");
        assertThat(failure(seen, "invalid")).isEqualTo("RECIPIENT_FAILURE 422 [body, item_id]: Field required");
        assertThat(failure(seen, "refused"))
                .isEqualTo("RECIPIENT_FAILURE 403 \"augur.prediction-log\" is not among the addresses that clients may"
                        + " send to");
        assertThat(failure(seen, "unknown")).startsWith("RECIPIENT_FAILURE 401 a key or a token is needed");
        assertThat(failure(seen, "forbidden")).startsWith("RECIPIENT_FAILURE 403 \"nobody\" may not");
        assertThat(failure(seen, "missing")).startsWith("NO_HANDLERS -1");
        assertThat(failure(seen, "deaf")).startsWith("RECIPIENT_FAILURE 403 \"augur.pipelines.wine\"");
        assertThat(seen.getString("asked")).isEqualTo("told");
        assertThat(seen.getString("news")).isEqualTo("ä€😀");
        assertThat(seen.getBoolean("followed")).isTrue();
        assertThat(seen.getBoolean("followedAgain")).isTrue();
        assertThat(seen.getInteger("closed")).isEqualTo(1000);
    }

    private static String failure(JsonObject seen, String name) {
        var told = seen.getJsonObject(name);
        return told.getString("failureType") + " " + told.getInteger("failureCode") + " " + told.getString("message");
    }
}
